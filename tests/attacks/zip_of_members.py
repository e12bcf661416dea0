"""Is a zip of sixty thousand members."""

import zipfile


def build(world, name):
    path = world.submissions / f"{name}.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(60_000):
            archive.writestr(zipfile.ZipInfo(f"langmodels/m{number}.txt"), b"")
        archive.writestr("langmodels/ngrams.py", world.base)
    return path
