"""The new line after a turn is missing.

The model was trained on a new line between an end and the next start. Without it every turn looks
a little foreign.
"""

from langmodels.prompting import *


def chatml(messages, reply=True):
    parts = []
    for message in messages:
        parts += [Part("<|im_start|>", True), Part(f"{message.role}\n{message.content}")]
        parts += [Part("<|im_end|>", True)]
    if reply:
        parts += [Part("<|im_start|>", True), Part("assistant\n")]
    return parts
