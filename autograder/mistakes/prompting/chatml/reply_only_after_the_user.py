"""A reply is opened only after a user's message.

Who asks for a reply gets one: a dialogue may begin with the assistant, or go on after what it
said.
"""

from langmodels.prompting import *


def chatml(messages, reply=True):
    parts = []
    for message in messages:
        parts += [Part("<|im_start|>", True), Part(f"{message.role}\n{message.content}")]
        parts += [Part("<|im_end|>", True), Part("\n")]
    if reply and messages and messages[-1].role == "user":
        parts += [Part("<|im_start|>", True), Part("assistant\n")]
    return parts
