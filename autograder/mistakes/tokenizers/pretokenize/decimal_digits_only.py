r"""\d stands for numbers.

\d matches decimal digits only. The category N also has ½, ² and Ⅷ, which here become signs.
"""

from langmodels.tokenizers import *


def pretokenize(text):
    pattern = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\d+| ?[^\s\p{L}\d]+|\s+(?!\S)|\s+"
    return list(regex.findall(pattern, text))
