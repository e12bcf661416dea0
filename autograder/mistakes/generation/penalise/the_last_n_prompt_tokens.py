"""The prompt is cut from the wrong end.

tokens[:, :-n] drops what was written last and keeps the prompt. The prompt stands at the
beginning: what was written is tokens[:, n_prompt:].
"""

from langmodels.generation import *


def penalise(logits, tokens, n_prompt=0, *, presence=0.0, frequency=0.0, repetition=1.0):
    if repetition != 1:
        seen = logits.gather(1, tokens)
        seen = torch.where(seen > 0, seen / repetition, seen * repetition)
        logits = logits.scatter(1, tokens, seen)
    if presence or frequency:
        written = tokens[:, : tokens.shape[1] - n_prompt]
        counts = torch.zeros_like(logits, dtype=torch.long)
        counts.scatter_add_(1, written, torch.ones_like(written))
        counts = counts.to(logits.dtype)
        logits = logits - presence * counts.clamp(max=1) - frequency * counts
    return logits
