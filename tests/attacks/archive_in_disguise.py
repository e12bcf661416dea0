"""Is a file that is tar and zip at once, with another package in each."""

import io
import tarfile
import zipfile


def build(world, name):
    path = world.submissions / f"{name}.zip"
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        info = tarfile.TarInfo("langmodels/ngrams.py")
        info.size = len(world.base.encode())
        tar.addfile(info, io.BytesIO(world.base.encode()))
    path.write_bytes(buffer.getvalue())
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("langmodels/ngrams.py", world.base)
    return path
