"""The space goes with the word before it.

Both ways lose nothing, but GPT-2 puts the space in front: then a word looks the same before a
comma, a full stop and another word.
"""

from langmodels.tokenizers import *


def pretokenize(text):
    pattern = r"'(?:[sdmt]|ll|ve|re)|\p{L}+ ?|\p{N}+ ?|[^\s\p{L}\p{N}]+ ?|\s+(?!\S)|\s+"
    return list(regex.findall(pattern, text))
