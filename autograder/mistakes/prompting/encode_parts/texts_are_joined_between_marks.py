"""Neighbouring texts are joined before they are encoded.

Letters of two parts may then become one token. What you say in two parts, such as a role and what
a user wrote, is to stay apart.
"""

from langmodels.prompting import *


def encode_parts(parts, control, encode):
    tokens, text = [], ""
    for part in parts:
        if part.is_control:
            tokens += [*(encode(text) if text else []), control[part.text]]
            text = ""
        else:
            text += part.text
    return tokens + (encode(text) if text else [])
