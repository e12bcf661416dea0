"""The opened reply is closed at once.

After the end mark the assistant has said nothing, and it is somebody else's turn. The model is to
write on where the prompt stops.
"""

from langmodels.prompting import *


def chatml(messages, reply=True):
    parts = []
    for message in messages:
        parts += [Part("<|im_start|>", True), Part(f"{message.role}\n{message.content}")]
        parts += [Part("<|im_end|>", True), Part("\n")]
    if reply:
        parts += [Part("<|im_start|>", True), Part("assistant\n"), Part("<|im_end|>", True)]
    return parts
