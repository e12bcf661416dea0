"""The first token has a place too.

Nothing stands before the first token, so nothing says how likely it is. A 0 there makes one place
more than the mask of the answers has.
"""

from langmodels.preferences import *


def token_logprobs(logits, tokens):
    logprobs = logits[:, :-1].log_softmax(-1).gather(-1, tokens[:, 1:, None])[..., 0]
    return functional.pad(logprobs, (1, 0))
