"""The endings are the last alternative.

Alternatives are tried in their order. An apostrophe is a sign, so rule 4 has taken it before rule
1 gets a chance.
"""

from langmodels.tokenizers import *


def pretokenize(text):
    pattern = r" ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|'(?:[sdmt]|ll|ve|re)|\s+(?!\S)|\s+"
    return list(regex.findall(pattern, text))
