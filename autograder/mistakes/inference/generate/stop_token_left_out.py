"""The stop token is not part of the answer.

Whether it is shown to a reader is decided later. Here it belongs to what was written, so that one
can tell an answer that has ended from one that was cut off.
"""

from langmodels.inference import *

stopping = generate


def generate(model, prompts, n_new, *, cache=None, stop=()):
    answers = stopping(model, prompts, n_new, cache=cache, stop=stop)
    return [a[:-1] if a and a[-1] in stop else a for a in answers]
