"""Each log-probability is divided by the length.

That is a mean, which is asked for later or not at all. DPO wants sums over an answer, GRPO a mean
over its own tokens.
"""

from langmodels.preferences import *


def token_logprobs(logits, tokens):
    logprobs = logits[:, :-1].log_softmax(-1).gather(-1, tokens[:, 1:, None])[..., 0]
    return logprobs / logprobs.shape[1]
