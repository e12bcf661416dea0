"""Has thousands of modules and folders nested a hundred deep."""


def build(world, name):
    files = {f"langmodels/m{number}.py": "" for number in range(3000)}
    deep = "/".join(["d"] * 100)
    return world.submission(name, {**files, f"langmodels/{deep}/x.py": ""})
