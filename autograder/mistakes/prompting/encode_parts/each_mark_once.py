"""Each control token comes once.

A dialogue of three turns has three starts. A mark is not a set's element but a place in a text.
"""

from langmodels.prompting import *


def encode_parts(parts, control, encode):
    tokens, seen = [], set()
    for part in parts:
        if not part.is_control:
            tokens += encode(part.text)
        elif control[part.text] not in seen:
            seen.add(control[part.text])
            tokens.append(control[part.text])
    return tokens
