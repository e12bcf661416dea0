"""Has an __init__.py that replaces loaded modules before the exercise is imported."""

INIT = """
import sys, types
class Yes(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *a, **k: True
for name in [*sys.modules]:
    if name.split(".")[0] in ("autograder", "msgspec", "json", "support", "traceback", "importlib"):
        sys.modules[name] = Yes(name)
sys.modules["langmodels.ngrams"] = sys.modules["support"] = Yes("x")
sys.path[:] = ["/tmp"]
"""


def build(world, name):
    files = {"langmodels/__init__.py": INIT, "langmodels/ngrams.py": world.base}
    return world.submission(name, files)
