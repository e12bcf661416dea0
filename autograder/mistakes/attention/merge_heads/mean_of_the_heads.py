"""The mean of the heads is taken.

Each head found something of its own, and a mean would blur it. They lie side by side; how to weigh
them is for the matrix after that to learn.
"""

from langmodels.attention import *


def merge_heads(x):
    if not x.is_floating_point():
        x = x.float()
    return x.mean(-3)
