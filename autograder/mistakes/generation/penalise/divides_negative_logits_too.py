"""Repetition divides every logit.

A negative logit divided by 2 is nearer to 0, so the token becomes more probable. The formula in
the paper has this flaw; libraries multiply where the logit is negative.
"""

from langmodels.generation import *


def penalise(logits, tokens, n_prompt=0, *, presence=0.0, frequency=0.0, repetition=1.0):
    if repetition != 1:
        seen = logits.gather(1, tokens)
        seen = seen / repetition
        logits = logits.scatter(1, tokens, seen)
    if presence or frequency:
        written = tokens[:, n_prompt:]
        counts = torch.zeros_like(logits, dtype=torch.long)
        counts.scatter_add_(1, written, torch.ones_like(written))
        counts = counts.to(logits.dtype)
        logits = logits - presence * counts.clamp(max=1) - frequency * counts
    return logits
