"""The likeliest token is looked up, not the one that was said.

What counts is the token in the text, however unlikely it was.
"""

from langmodels.preferences import *


def token_logprobs(logits, tokens):
    return logits[:, :-1].log_softmax(-1).amax(-1)
