"""Right: a logit less the logarithm of the sum of all exponentials."""

from langmodels.preferences import *


def token_logprobs(logits, tokens):
    said = torch.take_along_dim(logits[:, :-1], tokens[:, 1:].unsqueeze(2), dim=2).squeeze(2)
    return said - torch.logsumexp(logits[:, :-1], dim=2)
