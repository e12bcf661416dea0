"""Right: a ratio of probabilities, in 64 bits."""

from langmodels.generation import *


def min_p(logits, p):
    shares = logits.double().softmax(-1)
    return torch.where(shares >= p * shares.max(-1, keepdim=True).values, logits, -math.inf)
