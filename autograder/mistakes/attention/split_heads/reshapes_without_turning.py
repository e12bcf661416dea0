"""The width is cut by one reshape to (B, H, T, K), without moving any axis.

A reshape keeps the numbers in the order in which they lie in memory. The shape is right, but each
head gets some positions whole instead of its features of every position: first (…, T, H, K), then
turn H and T.
"""

from langmodels.attention import *


def split_heads(x, n_heads):
    *batch, length, width = x.shape
    return x.reshape(*batch, n_heads, length, width // n_heads)
