"""No reply is opened.

The prompt ends after the user's turn, so the most probable next token begins some turn, and the
model may write the user's.
"""

from langmodels.prompting import *


def chatml(messages, reply=True):
    parts = []
    for message in messages:
        parts += [Part("<|im_start|>", True), Part(f"{message.role}\n{message.content}")]
        parts += [Part("<|im_end|>", True), Part("\n")]
    if False:
        parts += [Part("<|im_start|>", True), Part("assistant\n")]
    return parts
