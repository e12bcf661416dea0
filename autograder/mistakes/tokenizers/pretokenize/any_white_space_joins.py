"""A tab or a line end goes with the word after it.

Only a space, U+0020, is taken in front of a word. Other white space stands by itself.
"""

from langmodels.tokenizers import *


def pretokenize(text):
    pattern = (
        "'(?:[sdmt]|ll|ve|re)|\\s?\\p{L}+|\\s?\\p{N}+|\\s?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"
    )
    return list(regex.findall(pattern, text))
