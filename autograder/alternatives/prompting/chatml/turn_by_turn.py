"""Right: a function for one turn."""

from langmodels.prompting import *


def turn(message):
    yield Part(text="<|im_start|>", is_control=True)
    yield Part(text=message.role + "\n" + message.content)
    yield Part(text="<|im_end|>", is_control=True)
    yield Part(text="\n")


def chatml(messages, reply=True):
    parts = []
    for message in messages:
        parts.extend(turn(message))
    if reply:
        parts.extend(list(turn(Message("assistant", "")))[:2])
    return parts
