"""Right: a comprehension over all turns, with a reply as a turn without an end."""

from langmodels.prompting import *


def chatml(messages, reply=True):
    turns = [(f"{role}\n{content}", True) for role, content in messages]
    turns += [("assistant\n", False)] * reply
    return [
        part
        for text, is_closed in turns
        for part in [
            Part("<|im_start|>", True),
            Part(text),
            *([Part("<|im_end|>", True), Part("\n")] if is_closed else []),
        ]
    ]
