"""The positions are shifted the wrong way.

Here the logits after token t are asked for token t - 1, which was read long ago. They speak of
token t + 1.
"""

from langmodels.preferences import *


def token_logprobs(logits, tokens):
    logprobs = logits[:, 1:].log_softmax(-1)
    return logprobs.gather(-1, tokens[:, :-1, None])[..., 0]
