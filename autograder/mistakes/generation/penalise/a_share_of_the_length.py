"""Counts are divided by the number of tokens.

A frequency in the everyday sense, a share of the text, would fade as the text grows. In the
formula it is a count.
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
        shares = counts / max(1, written.shape[1])
        logits = logits - presence * counts.clamp(max=1) - frequency * shares
    return logits
