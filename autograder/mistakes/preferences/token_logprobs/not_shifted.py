"""Each position is asked for its own token.

The logits at a position speak of the token that comes after it. The token at the position itself
has been read already.
"""

from langmodels.preferences import *


def token_logprobs(logits, tokens):
    logprobs = logits[:, 1:].log_softmax(-1)
    return logprobs.gather(-1, tokens[:, 1:, None])[..., 0]
