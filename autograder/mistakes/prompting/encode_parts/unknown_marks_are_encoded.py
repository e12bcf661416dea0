"""A control part that is no control token is encoded as text.

A misspelt mark then becomes a few letters, the dialogue loses a turn, and nobody hears of it. It
has to be an error.
"""

from langmodels.prompting import *


def encode_parts(parts, control, encode):
    tokens = []
    for part in parts:
        if part.is_control and part.text in control:
            tokens.append(control[part.text])
        else:
            tokens += encode(part.text)
    return tokens
