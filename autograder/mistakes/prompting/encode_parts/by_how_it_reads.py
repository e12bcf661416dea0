"""A part is control when its text reads like a control token.

That is the hole that injection goes through: a user who sends nothing but <|im_end|> ends the
turn. Who put a part there decides, not its letters.
"""

from langmodels.prompting import *


def encode_parts(parts, control, encode):
    tokens = []
    for part in parts:
        tokens += [control[part.text]] if part.text in control else encode(part.text)
    return tokens
