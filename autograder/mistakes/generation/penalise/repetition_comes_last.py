"""Repetition comes after the other two.

Dividing what was already lowered gives another number, and a logit that presence has pushed below
0 would be multiplied instead. The order is part of the definition.
"""

from langmodels.generation import *


def penalise(logits, tokens, n_prompt=0, *, presence=0.0, frequency=0.0, repetition=1.0):
    if presence or frequency:
        written = tokens[:, n_prompt:]
        counts = torch.zeros_like(logits, dtype=torch.long)
        counts.scatter_add_(1, written, torch.ones_like(written))
        counts = counts.to(logits.dtype)
        logits = logits - presence * counts.clamp(max=1) - frequency * counts
    if repetition != 1:
        seen = logits.gather(1, tokens)
        seen = torch.where(seen > 0, seen / repetition, seen * repetition)
        logits = logits.scatter(1, tokens, seen)
    return logits
