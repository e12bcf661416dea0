"""Right: the negative of torch's cross-entropy, flattened."""

from langmodels.preferences import *


def token_logprobs(logits, tokens):
    length, vocabulary = logits.shape[1], logits.shape[2]
    losses = functional.cross_entropy(
        logits[:, :-1].reshape(-1, vocabulary), tokens[:, 1:].reshape(-1), reduction="none"
    )
    return -losses.reshape(-1, length - 1)
