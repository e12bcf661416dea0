"""Right: the others hidden with -inf before one softmax over all."""

from langmodels.transformer import *


def route(logits, n_chosen):
    experts = logits.argsort(dim=-1, descending=True)[:, :n_chosen]
    hidden = torch.full_like(logits, -torch.inf).scatter(-1, experts, logits.gather(-1, experts))
    return hidden.softmax(-1).gather(-1, experts), experts
