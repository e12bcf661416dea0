"""Is a folder in which langmodels/ is a link to the solutions."""


def build(world, name):
    folder = world.submissions / name
    folder.mkdir()
    (folder / "langmodels").symlink_to(world.root / "solutions" / "langmodels")
    return folder
