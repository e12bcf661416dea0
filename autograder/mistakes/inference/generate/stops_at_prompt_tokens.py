"""A row whose prompt holds a stop token never starts.

Prompts are full of such tokens: each turn of a talk ends with one. Only what the row itself
writes can end its answer.
"""

from langmodels.inference import *

stopping = generate


def generate(model, prompts, n_new, *, cache=None, stop=()):
    answers = stopping(model, prompts, n_new, cache=cache, stop=stop)
    return [
        [] if set(prompt) & set(stop) else answer
        for prompt, answer in zip(prompts, answers, strict=True)
    ]
