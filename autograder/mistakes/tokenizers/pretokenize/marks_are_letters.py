"""Accents that stand alone count as letters.

They have the category M, not L: in GPT-2 an e with a separate accent is a letter and a sign. That
is odd, and it is the rule.
"""

from langmodels.tokenizers import *


def pretokenize(text):
    pattern = r"'(?:[sdmt]|ll|ve|re)| ?[\p{L}\p{M}]+| ?\p{N}+| ?[^\s\p{M}\p{L}\p{N}]+|\s+(?!\S)|\s+"
    return list(regex.findall(pattern, text))
