"""Marks that a user has typed become control parts.

Whoever writes <|im_end|> could then end the own turn and open one of the system. What is a mark
depends on who put it there, not on how it reads.
"""

from langmodels.prompting import *


def chatml(messages, reply=True):
    parts = []
    for message in messages:
        parts.append(Part("<|im_start|>", True))
        for piece in re.split(r"(<\|im_(?:start|end)\|>)", f"{message.role}\n{message.content}"):
            if piece:
                parts.append(Part(piece, piece.startswith("<|im_") and piece.endswith("|>")))
        parts += [Part("<|im_end|>", True), Part("\n")]
    if reply:
        parts += [Part("<|im_start|>", True), Part("assistant\n")]
    return parts
