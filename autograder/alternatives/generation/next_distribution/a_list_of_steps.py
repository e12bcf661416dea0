"""Right: a list of functions, applied in turn."""

from langmodels.generation import *


def next_distribution(logits, tokens, sampling, n_prompt=0):
    s = sampling
    penalties = {name: getattr(s, name) for name in ("presence", "frequency", "repetition")}
    steps = [
        lambda z: penalise(z, tokens, n_prompt, **penalties),
        lambda z: apply_temperature(z, s.temperature),
        lambda z: top_k(z, s.top_k or z.shape[-1]),
        lambda z: top_p(z, s.top_p),
        lambda z: min_p(z, s.min_p),
        lambda z: torch.softmax(z, dim=-1),
    ]
    for step in steps:
        logits = step(logits)
    return logits
