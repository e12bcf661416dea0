"""Role and content are two parts.

Two texts that are encoded one by one may have other tokens than the whole: the new line and the
first word no longer meet.
"""

from langmodels.prompting import *


def chatml(messages, reply=True):
    parts = []
    for message in messages:
        parts += [Part("<|im_start|>", True), Part(f"{message.role}\n"), Part(message.content)]
        parts += [Part("<|im_end|>", True), Part("\n")]
    if reply:
        parts += [Part("<|im_start|>", True), Part("assistant\n")]
    return parts
