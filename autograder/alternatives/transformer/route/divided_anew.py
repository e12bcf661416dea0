"""Right: a softmax over all experts, the chosen divided by their sum."""

from langmodels.transformer import *


def route(logits, n_chosen):
    experts = logits.argsort(dim=-1, descending=True)
    log_shares = logits.log_softmax(-1).gather(-1, experts[:, :n_chosen])
    weights = (log_shares - log_shares.logsumexp(-1, keepdim=True)).exp()
    return weights, experts[:, :n_chosen]
