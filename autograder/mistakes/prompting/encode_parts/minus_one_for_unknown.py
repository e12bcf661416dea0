"""A control part that is no control token becomes -1.

A number that is no token ends in a crash far from here, or, worse, picks the last row of a table.
Raise KeyError.
"""

from langmodels.prompting import *


def encode_parts(parts, control, encode):
    tokens = []
    for part in parts:
        tokens += [control.get(part.text, -1)] if part.is_control else encode(part.text)
    return tokens
