"""A space before an ending goes with it.

Rule 1 has no space: " 'll" after a space is an apostrophe with its space, and the letters ll.
"""

from langmodels.tokenizers import *


def pretokenize(text):
    pattern = r" ?'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
    return list(regex.findall(pattern, text))
