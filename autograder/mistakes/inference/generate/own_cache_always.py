"""The cache that was given is not used.

A given cache decides what is kept, how many bits a number has, and how long a text may get. One
that is made here ignores all that.
"""

from langmodels.inference import *

stopping = generate


def generate(model, prompts, n_new, *, cache=None, stop=()):
    return stopping(model, prompts, n_new, stop=stop)
