"""Is a small tar.gz in which the name of a member alone takes 3 gigabytes of memory."""

import gzip
import tarfile


def build(world, name):
    path = world.submissions / f"{name}.tar.gz"
    head = tarfile.TarInfo("././@LongLink")
    head.type, head.size = tarfile.GNUTYPE_LONGNAME, 48 * 2**26
    letters = gzip.compress(b"a" * 2**26)
    path.write_bytes(gzip.compress(head.tobuf(tarfile.GNU_FORMAT)) + letters * 48)
    return path
