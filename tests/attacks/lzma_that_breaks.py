"""Is a tar packed with lzma whose bytes are damaged in the middle."""

import io
import lzma
import tarfile


def build(world, name):
    path = world.submissions / f"{name}.tar.xz"
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for number in range(50):
            info = tarfile.TarInfo(f"langmodels/m{number}.py")
            info.size = 20_000
            tar.addfile(info, io.BytesIO(bytes(i * number % 251 for i in range(20_000))))
    content = bytearray(lzma.compress(buffer.getvalue()))
    middle = len(content) // 2
    content[middle : middle + 50] = b"\xff" * 50
    path.write_bytes(content)
    return path
