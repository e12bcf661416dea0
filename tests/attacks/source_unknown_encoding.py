"""Declares an encoding that does not exist."""


def build(world, name):
    text = f"# coding: zlib_codec\n{world.base}"
    return world.submission(name, {"langmodels/ngrams.py": text})
