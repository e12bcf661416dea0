"""Right: masks on probabilities, normalised by hand."""

from langmodels.generation import *


def next_distribution(logits, tokens, sampling, n_prompt=0):
    s = sampling
    scores = penalise(
        logits,
        tokens,
        n_prompt,
        presence=s.presence,
        frequency=s.frequency,
        repetition=s.repetition,
    )
    scores = apply_temperature(scores, s.temperature)
    kept = torch.ones_like(scores, dtype=torch.bool)
    if s.top_k is not None:
        kept &= top_k(scores, s.top_k) > -math.inf
    kept &= top_p(scores.masked_fill(~kept, -math.inf), s.top_p) > -math.inf
    kept &= min_p(scores.masked_fill(~kept, -math.inf), s.min_p) > -math.inf
    shares = scores.double().softmax(-1) * kept
    return (shares / shares.sum(-1, keepdim=True)).to(logits.dtype)
