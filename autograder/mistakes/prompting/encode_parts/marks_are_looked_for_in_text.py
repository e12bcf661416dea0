"""Control tokens are looked for inside of text.

This is what a tokenizer does by default, and why a typed mark is dangerous. Text goes through
encode and nowhere else.
"""

from langmodels.prompting import *


def encode_parts(parts, control, encode):
    pattern = "|".join(map(re.escape, control)) or "(?!)"
    tokens = []
    for part in parts:
        if part.is_control:
            tokens.append(control[part.text])
            continue
        for piece in re.split(f"({pattern})", part.text):
            tokens += [control[piece]] if piece in control else encode(piece)
    return tokens
