"""Marks that a user has typed are removed.

Somebody who asks what <|im_end|> means gets another question answered. Text that cannot become a
control token may say anything.
"""

from langmodels.prompting import *


def chatml(messages, reply=True):
    parts = []
    for message in messages:
        parts += [
            Part("<|im_start|>", True),
            Part(f"{message.role}\n{re.sub(r'<.im_(start|end).>', '', message.content)}"),
        ]
        parts += [Part("<|im_end|>", True), Part("\n")]
    if reply:
        parts += [Part("<|im_start|>", True), Part("assistant\n")]
    return parts
