"""Is a zip whose compressed bytes are damaged, so that the reader fails in its own way."""

import zipfile


def build(world, name):
    path = world.submissions / f"{name}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("langmodels/ngrams.py", world.base)
    content = bytearray(path.read_bytes())
    content[60:90] = b"\xff" * 30
    path.write_bytes(content)
    return path
