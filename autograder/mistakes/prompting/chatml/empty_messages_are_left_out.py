"""A message without content is left out.

An empty system message says that there are no orders, which is not the same as saying nothing:
many templates then put in orders of their own.
"""

from langmodels.prompting import *


def chatml(messages, reply=True):
    parts = []
    for message in filter(lambda m: m.content, messages):
        parts += [Part("<|im_start|>", True), Part(f"{message.role}\n{message.content}")]
        parts += [Part("<|im_end|>", True), Part("\n")]
    if reply:
        parts += [Part("<|im_start|>", True), Part("assistant\n")]
    return parts
