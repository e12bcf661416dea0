"""n_prompt is not passed on.

Then presence and frequency take the prompt for text that the model has written, and its words
cannot be used in the answer.
"""

from langmodels.generation import *


def next_distribution(logits, tokens, sampling, n_prompt=0):
    s = sampling
    logits = penalise(
        logits,
        tokens,
        presence=s.presence,
        frequency=s.frequency,
        repetition=s.repetition,
    )
    logits = apply_temperature(logits, s.temperature)
    if s.top_k is not None:
        logits = top_k(logits, s.top_k)
    if s.top_p < 1:
        logits = top_p(logits, s.top_p)
    return min_p(logits, s.min_p).softmax(-1)
