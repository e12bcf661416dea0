"""Is a folder in which src/ is a link to the solutions."""


def build(world, name):
    folder = world.submissions / name
    folder.mkdir()
    (folder / "src").symlink_to(world.root / "solutions")
    return folder
