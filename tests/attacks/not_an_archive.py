"""Is no archive, but a link to a key: the message must not quote it."""


def build(world, name):
    path = world.submissions / f"{name}.zip"
    path.symlink_to(world.home / "canary.txt")
    return path
