"""Only the example of the docstring is tried.

It has no run, and its pair stands where it is easy to find. Most wrong ways give the right answer
here.
"""

from langmodels.test_tokenizers import *


def test_merge():
    assert merge([1, 2, 3, 1, 2], (1, 2), 256) == [256, 3, 256]
