"""The opened reply lacks its new line.

Then the model has to write the new line itself, and often writes something else. The prompt goes
up to where the content begins.
"""

from langmodels.prompting import *


def chatml(messages, reply=True):
    parts = []
    for message in messages:
        parts += [Part("<|im_start|>", True), Part(f"{message.role}\n{message.content}")]
        parts += [Part("<|im_end|>", True), Part("\n")]
    if reply:
        parts += [Part("<|im_start|>", True), Part("assistant")]
    return parts
