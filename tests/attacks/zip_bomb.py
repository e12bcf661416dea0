"""Is a small zip that unpacks to gigabytes, with a false size in its directory."""

import zipfile


def build(world, name):
    path = world.submissions / f"{name}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("langmodels/ngrams.py", "w") as member:
            for _ in range(512):
                member.write(bytes(2**20))
        archive.infolist()[0].file_size = 1000
    return path
