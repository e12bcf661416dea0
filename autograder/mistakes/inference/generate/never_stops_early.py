"""Stopped rows are cut, but the model is called n_new times all the same.

When every row has stopped there is nothing left to ask. With a generous n_new most of the work
would be for nobody.
"""

from langmodels.inference import *

stopping = generate


def generate(model, prompts, n_new, *, cache=None, stop=()):
    answers = stopping(model, prompts, n_new, cache=cache)
    ends = [[n for n, t in enumerate(answer) if t in stop] for answer in answers]
    return [a[: e[0] + 1] if e else a for a, e in zip(answers, ends, strict=True)]
