"""Cross-entropy comes back, with its sign.

Cross-entropy is minus the log-probability. With that sign every loss of this chapter pushes the
wrong way.
"""

from langmodels.preferences import *


def token_logprobs(logits, tokens):
    return functional.cross_entropy(logits[:, :-1].transpose(1, 2), tokens[:, 1:], reduction="none")
