"""view() is used after the axes were turned, and fails.

A transpose moves no numbers, it only reads them in another order; view cannot join axes that lie
apart. reshape, flatten, or contiguous() before the view, can.
"""

from langmodels.attention import *


def merge_heads(x):
    turned = x.transpose(-3, -2)
    *rest, n_heads, width = turned.shape
    return turned.view(*rest, n_heads * width)
