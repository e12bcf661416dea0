"""Hands the same module in as file, folder, byte code and library, so that readers disagree."""


def build(world, name):
    files = {
        "langmodels/ngrams.py": "1 / 0",
        "langmodels/ngrams/__init__.py": world.base,
        "langmodels/ngrams.pyc": b"\xa7\x0d\x0d\x0a" + bytes(12),
        "langmodels/ngrams.so": b"\x7fELF",
        "langmodels/__pycache__/ngrams.cpython-311.pyc": b"x",
        "src/langmodels/ngrams.py": "1 / 0\n",
    }
    return world.submission(name, files)
