"""Is a zip in which one name is a file and a folder, and names are longer than any may be."""

import zipfile


def build(world, name):
    path = world.submissions / f"{name}.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("langmodels/ngrams.py", world.base)
        archive.writestr("langmodels/ngrams.py/x.py", "")
        archive.writestr("langmodels/x.py/y.py", "")
        archive.writestr("langmodels/x.py", "")
        archive.writestr("langmodels/" + "n" * 5000 + ".py", "")
        archive.writestr("langmodels/" + "d/" * 5000 + "n.py", "")
    return path
