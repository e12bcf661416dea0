"""Brings .pth, sitecustomize and usercustomize along, which run when a Python starts."""


def build(world, name):
    evil = f"import os; open({str(world.drop / world.mark)!r}, 'w')\n"
    files = {"langmodels/ngrams.py": world.base}
    for place in ("", "langmodels/"):
        for file in ("evil.pth", "sitecustomize.py", "usercustomize.py", "__main__.py"):
            files[place + file] = evil
    return world.submission(name, files)
