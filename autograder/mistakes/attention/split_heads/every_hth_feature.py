"""Head h gets every H-th feature instead of K that lie side by side.

(…, T, K, H) has the heads inside. It is as good a way to cut, but another one: the matrices of the
layer, and of models that others have trained, put the features of one head side by side.
"""

from langmodels.attention import *


def split_heads(x, n_heads):
    *batch, length, width = x.shape
    return x.reshape(*batch, length, width // n_heads, n_heads).movedim(-1, -3)
