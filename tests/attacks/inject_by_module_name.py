"""Imports and fails in modules whose names are escape codes and markup."""

NAME = "<script>alert(1)<\u2215script>\x1b[31m\n::error::x"
IMPORT = """
import importlib
name = {name!r}
def count_ngrams(sentences, order):
    importlib.import_module("langmodels." + name)
def sentence_logprob(model, sentence):
    raise ModuleNotFoundError(name, name=name, path=name)
"""


def build(world, name):
    text = world.base + IMPORT.format(name=NAME)
    files = {"langmodels/ngrams.py": text, f"langmodels/{NAME}.py": "raise ValueError"}
    return world.submission(name, files)
