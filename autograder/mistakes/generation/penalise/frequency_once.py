"""Frequency is subtracted once, however often the token occurs.

Without the count it is a second presence penalty. A word that was said five times is to lose five
times as much as one that was said once.
"""

from langmodels.generation import *


def penalise(logits, tokens, n_prompt=0, *, presence=0.0, frequency=0.0, repetition=1.0):
    if repetition != 1:
        seen = logits.gather(1, tokens)
        seen = torch.where(seen > 0, seen / repetition, seen * repetition)
        logits = logits.scatter(1, tokens, seen)
    if presence or frequency:
        written = tokens[:, n_prompt:]
        counts = torch.zeros_like(logits, dtype=torch.long)
        counts.scatter_add_(1, written, torch.ones_like(written))
        counts = counts.to(logits.dtype)
        logits = logits - presence * counts.clamp(max=1) - frequency * counts.clamp(max=1)
    return logits
