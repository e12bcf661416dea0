"""The English endings are not cut off.

Then don't is don, an apostrophe and t. Rule 1 comes before all others.
"""

from langmodels.tokenizers import *


def pretokenize(text):
    pattern = r" ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
    return list(regex.findall(pattern, text))
