"""The answers hold tensors, not numbers.

A tensor of one number looks like a number when it is printed, but it is not equal to one in a set
or a dict, and keeps memory. tolist() gives numbers.
"""

from langmodels.inference import *

stopping = generate


def generate(model, prompts, n_new, *, cache=None, stop=()):
    answers = stopping(model, prompts, n_new, cache=cache, stop=stop)
    return [[torch.tensor(token) for token in answer] for answer in answers]
