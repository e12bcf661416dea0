"""The prompts are answered one after the other.

Each answer is right, but the weights are read from memory for every row anew. Rows in one batch
share that, and it is most of what a decoding step costs.
"""

from langmodels.inference import *

stopping = generate


def generate(model, prompts, n_new, *, cache=None, stop=()):
    answers = [stopping(model, [prompt], n_new, stop=stop)[0] for prompt in prompts]
    if cache is not None:
        cache.lengths = [len(p) + len(a) - 1 for p, a in zip(prompts, answers, strict=True)]
    return answers
