"""Penalties come last.

They are worked out for raw logits. After the temperature the same number weighs more or less, and
what was cut by top-k is not chosen anew among those that are left.
"""

from langmodels.generation import *


def steps(logits, tokens, sampling, n_prompt, order):
    s = sampling
    todo = {
        "penalties": lambda z: penalise(
            z,
            tokens,
            n_prompt,
            presence=s.presence,
            frequency=s.frequency,
            repetition=s.repetition,
        ),
        "temperature": lambda z: apply_temperature(z, s.temperature),
        "top_k": lambda z: z if s.top_k is None else top_k(z, s.top_k),
        "top_p": lambda z: top_p(z, s.top_p),
        "min_p": lambda z: min_p(z, s.min_p),
    }
    for name in order.split():
        logits = todo[name](logits)
    return logits.softmax(-1)


def next_distribution(logits, tokens, sampling, n_prompt=0):
    return steps(logits, tokens, sampling, n_prompt, "temperature top_k top_p min_p penalties")
