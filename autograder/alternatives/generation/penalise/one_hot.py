"""Right: one-hot vectors, summed over the text."""

from langmodels.generation import *


def penalise(logits, tokens, n_prompt=0, *, presence=0.0, frequency=0.0, repetition=1.0):
    size = logits.shape[1]
    marks = torch.nn.functional.one_hot(tokens, size)
    occurs = marks.sum(1) > 0
    counts = marks[:, n_prompt:].sum(1).to(logits.dtype)
    changed = torch.where(logits > 0, logits / repetition, logits * repetition)
    logits = torch.where(occurs, changed, logits)
    return logits - presence * counts.sign() - frequency * counts
