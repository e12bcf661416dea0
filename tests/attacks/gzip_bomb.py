"""Is a small tar.gz that unpacks to 25 gigabytes before its package comes."""

import gzip
import io
import tarfile


def build(world, name):
    path = world.submissions / f"{name}.tar.gz"
    head = tarfile.TarInfo("big.bin")
    head.size = 400 * 2**26
    tail = io.BytesIO()
    with tarfile.open(fileobj=tail, mode="w") as tar:
        info = tarfile.TarInfo("langmodels/ngrams.py")
        info.size = len(world.base.encode())
        tar.addfile(info, io.BytesIO(world.base.encode()))
    zeros = gzip.compress(bytes(2**26))
    content = gzip.compress(head.tobuf(tarfile.GNU_FORMAT)) + zeros * 400
    path.write_bytes(content + gzip.compress(tail.getvalue()))
    return path
