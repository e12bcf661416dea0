"""The softmax runs over the positions.

Each position is a distribution over the vocabulary, the last axis. Over positions nothing adds up
to 1 that should.
"""

from langmodels.preferences import *


def token_logprobs(logits, tokens):
    logprobs = logits[:, :-1].log_softmax(1)
    return logprobs.gather(-1, tokens[:, 1:, None])[..., 0]
