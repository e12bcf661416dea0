"""Each white space is a piece of its own.

White space stays together up to the last character: indented code has long runs of it, which
should become few tokens.
"""

from langmodels.tokenizers import *


def pretokenize(text):
    pattern = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s"
    return list(regex.findall(pattern, text))
