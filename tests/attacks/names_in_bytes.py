"""Is a folder and a tar with names that are no text in any encoding."""

import os
import tarfile


def build(world, name):
    folder = world.submission(name, {"langmodels/ngrams.py": world.base})
    strange = os.fsdecode(b"\xff\xfe\x80.py")
    (folder / "langmodels" / strange).write_text("")
    (folder / "langmodels" / os.fsdecode(b"\xe9")).mkdir()
    (folder / "langmodels" / os.fsdecode(b"\xe9") / "x.py").write_text("")
    path = world.submissions / os.fsdecode(b"\xff\x1b[31m.tar")
    with tarfile.open(path, "w") as tar:
        tar.add(folder, "x")
    return path
