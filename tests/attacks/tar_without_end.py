"""Is a tar whose member has a negative size, so that a reader comes back to it for ever."""

import tarfile


def build(world, name):
    path = world.submissions / f"{name}.tar"
    member = tarfile.TarInfo("langmodels/ngrams.py")
    header = bytearray(member.tobuf(tarfile.GNU_FORMAT))
    header[124:136] = (256**12 - 512).to_bytes(12)
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    path.write_bytes(bytes(header) + bytes(4096))
    return path
