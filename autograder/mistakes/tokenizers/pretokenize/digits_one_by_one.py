"""Each digit is a piece of its own.

Some later models cut numbers into single digits or groups of three. GPT-2 keeps a run of them
together.
"""

from langmodels.tokenizers import *


def pretokenize(text):
    pattern = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
    return list(regex.findall(pattern, text))
