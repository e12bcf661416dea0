"""Repetition is applied again for each occurrence.

It asks whether a token has occurred, not how often: that is what frequency is for. Applied each
time it grows like a power.
"""

from langmodels.generation import *


def penalise(logits, tokens, n_prompt=0, *, presence=0.0, frequency=0.0, repetition=1.0):
    if repetition != 1:
        logits = logits.clone()
        for row, line in enumerate(tokens.tolist()):
            for token in line:
                z = logits[row, token]
                logits[row, token] = z / repetition if z > 0 else z * repetition
    if presence or frequency:
        written = tokens[:, n_prompt:]
        counts = torch.zeros_like(logits, dtype=torch.long)
        counts.scatter_add_(1, written, torch.ones_like(written))
        counts = counts.to(logits.dtype)
        logits = logits - presence * counts.clamp(max=1) - frequency * counts
    return logits
