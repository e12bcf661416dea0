"""Is a zip with names that are no UTF-8 though they say so."""

import zipfile


def build(world, name):
    path = world.submissions / f"{name}.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("langmodels/ngrams.py", world.base)
        archive.writestr("langmodels/ü.py", "")
    path.write_bytes(path.read_bytes().replace("ü".encode(), b"\xff\xfe"))
    return path
