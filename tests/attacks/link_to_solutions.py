"""Is a folder in which ngrams.py is a link to the solutions."""


def build(world, name):
    folder = world.submissions / name / "langmodels"
    folder.mkdir(parents=True)
    (folder / "ngrams.py").symlink_to(world.root / "solutions" / "langmodels" / "ngrams.py")
    (folder / "more.py").symlink_to(world.root / "canary.txt")
    return folder.parent
