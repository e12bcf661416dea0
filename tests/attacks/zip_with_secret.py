"""Is a zip with a password, an unknown method of compression and a version from the future."""

import zipfile


def build(world, name):
    path = world.submissions / f"{name}.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(4):
            archive.writestr(f"langmodels/ngrams{number or ''}.py", world.base)
        one, two, three, _ = archive.infolist()
        one.flag_bits |= 1
        two.compress_type = 99
        three.extract_version = 250
    return path
