"""The log-probabilities are cut off from the model.

No gradient reaches the logits any more, so no loss made of them can teach the policy anything.
"""

from langmodels.preferences import *


def token_logprobs(logits, tokens):
    logprobs = logits.detach()[:, :-1].log_softmax(-1)
    return logprobs.gather(-1, tokens[:, 1:, None])[..., 0]
