"""The prompt is returned in front of the answer.

Many libraries do that. Here the new tokens are due, so that answers can be compared and counted.
"""

from langmodels.inference import *

stopping = generate


def generate(model, prompts, n_new, *, cache=None, stop=()):
    answers = stopping(model, prompts, n_new, cache=cache, stop=stop)
    return [[*prompt, *answer] for prompt, answer in zip(prompts, answers, strict=True)]
