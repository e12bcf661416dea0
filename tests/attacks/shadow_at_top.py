"""Puts modules called json, math, torch, numpy, autograder beside the package."""

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
    files = {"langmodels/ngrams.py": world.base + "\nimport json, math\n"}
    for module in NAMES:
        files[f"{module}.py"] = evil
        files[f"{module}/__init__.py"] = evil
    files["autograder/__init__.py"] = evil
    files["autograder/wire.py"] = evil
    return world.submission(name, files)
