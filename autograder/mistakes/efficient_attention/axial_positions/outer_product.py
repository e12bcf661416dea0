"""The vectors are multiplied, each number with each.

Side by side means that E numbers are followed by F numbers: E + F of them, not E · F.
"""

from langmodels.efficient_attention import *


def axial_positions(rows, columns):
    return torch.einsum("re,cf->rcef", rows, columns).flatten(0, 1).flatten(1)
