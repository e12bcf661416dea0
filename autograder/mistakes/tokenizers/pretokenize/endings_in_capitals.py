"""Endings in capitals are cut off as well.

GPT-2's pattern knows 's but not 'S: a later one, that of GPT-4, ignores case. Here 'S is an
apostrophe and a letter.
"""

from langmodels.tokenizers import *


def pretokenize(text):
    pattern = r"'(?i:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
    return list(regex.findall(pattern, text))
