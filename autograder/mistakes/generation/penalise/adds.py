"""Penalties are added.

Then what has been said becomes more probable with every time: the text falls into a loop faster
than without. A positive penalty lowers.
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
        logits = logits + presence * counts.clamp(max=1) + frequency * counts
    return logits
