"""The logits are taken for log-probabilities.

A logit may be anything, and a constant on all of them changes nothing. Only after log_softmax do
the exponentials add up to 1.
"""

from langmodels.preferences import *


def token_logprobs(logits, tokens):
    return logits[:, :-1].gather(-1, tokens[:, 1:, None])[..., 0]
