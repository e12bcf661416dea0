"""Probabilities go into top-p.

Its softmax makes them nearly flat, and far too many tokens stay. Logits go from step to step; the
softmax is last.
"""

from langmodels.generation import *


def next_distribution(logits, tokens, sampling, n_prompt=0):
    s = sampling
    logits = penalise(
        logits,
        tokens,
        n_prompt,
        presence=s.presence,
        frequency=s.frequency,
        repetition=s.repetition,
    )
    logits = apply_temperature(logits, s.temperature)
    if s.top_k is not None:
        logits = top_k(logits, s.top_k)
    kept = top_p(logits.softmax(-1), s.top_p) > -math.inf
    return min_p(logits.masked_fill(~kept, -math.inf), s.min_p).softmax(-1)
