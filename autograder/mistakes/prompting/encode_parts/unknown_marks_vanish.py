"""A control part that is no control token is left out.

The dialogue loses a mark without a word. What cannot be done has to be said.
"""

from langmodels.prompting import *


def encode_parts(parts, control, encode):
    tokens = []
    for part in parts:
        if part.is_control:
            tokens += [control[part.text]] if part.text in control else []
        else:
            tokens += encode(part.text)
    return tokens
