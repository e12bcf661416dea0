"""Puts modules called json, math, torch, numpy, autograder into the package."""

EVIL = """
import builtins
def __getattr__(name):
    return lambda *a, **k: True
try:
    open({path!r}, "w")
except OSError as error:
    print(error)
"""
NAMES = ("json", "math", "random", "torch", "numpy", "msgspec", "pytest", "typing", "collections")


def build(world, name):
    evil = EVIL.format(path=str(world.drop / world.mark))
    files = {"langmodels/ngrams.py": world.base + "\nfrom langmodels import json, math\n"}
    for module in NAMES:
        files[f"langmodels/{module}.py"] = evil
        files[f"langmodels/{module}/__init__.py"] = evil
    files["langmodels/autograder/__init__.py"] = evil
    files["langmodels/autograder/wire.py"] = evil
    return world.submission(name, files)
