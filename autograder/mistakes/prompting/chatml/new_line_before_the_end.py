"""A new line stands before the end mark.

It becomes part of what was said. In the format the end mark follows the last letter.
"""

from langmodels.prompting import *


def chatml(messages, reply=True):
    parts = []
    for message in messages:
        parts += [Part("<|im_start|>", True), Part(f"{message.role}\n{message.content}\n")]
        parts += [Part("<|im_end|>", True), Part("\n")]
    if reply:
        parts += [Part("<|im_start|>", True), Part("assistant\n")]
    return parts
