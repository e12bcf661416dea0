"""The heads are joined by one reshape, without moving the axis of the heads first.

A reshape keeps the order in memory, in which all positions of one head come before the next head.
Turn H and T back, then join H and K.
"""

from langmodels.attention import *


def merge_heads(x):
    *batch, n_heads, length, width = x.shape
    return x.reshape(*batch, length, n_heads * width)
