"""Contents are control parts too.

A control part is looked up among the control tokens. Whatever people write is text, or it could
become a mark.
"""

from langmodels.prompting import *


def chatml(messages, reply=True):
    parts = []
    for message in messages:
        parts += [Part("<|im_start|>", True), Part(f"{message.role}\n{message.content}", True)]
        parts += [Part("<|im_end|>", True), Part("\n", True)]
    if reply:
        parts += [Part("<|im_start|>", True), Part("assistant\n")]
    return parts
