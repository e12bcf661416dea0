"""The curly apostrophe is treated like the straight one.

GPT-2's pattern knows only ' (U+0027). With ’ the ending is a sign and letters, which is one
reason why the same text has more tokens when it is typeset well.
"""

from langmodels.tokenizers import *


def pretokenize(text):
    pattern = r"['’](?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
    return list(regex.findall(pattern, text))
