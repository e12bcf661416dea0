"""Right: a loop that raises the error itself."""

from langmodels.prompting import *


def encode_parts(parts, control, encode):
    tokens = []
    for part in parts:
        if not part.is_control:
            tokens.extend(encode(part.text))
            continue
        if part.text not in control:
            raise KeyError(f"{part.text!r} is no control token")
        tokens.append(control[part.text])
    return tokens
