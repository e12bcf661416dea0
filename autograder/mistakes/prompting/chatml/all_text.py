"""No part is a control part.

Then the marks are encoded as characters, and the model sees no turn at all. It was trained on two
tokens that stand for the marks.
"""

from langmodels.prompting import *


def chatml(messages, reply=True):
    parts = []
    for message in messages:
        parts += [Part("<|im_start|>"), Part(f"{message.role}\n{message.content}")]
        parts += [Part("<|im_end|>"), Part("\n")]
    if reply:
        parts += [Part("<|im_start|>"), Part("assistant\n")]
    return parts
