r"""Only the letters a to z and the digits 0 to 9 count.

Then é cuts a word in two and Chinese characters are signs. Use the categories of Unicode, \p{L}
and \p{N}.
"""

from langmodels.tokenizers import *


def pretokenize(text):
    pattern = r"'(?:[sdmt]|ll|ve|re)| ?[a-zA-Z]+| ?[0-9]+| ?[^\sa-zA-Z0-9]+|\s+(?!\S)|\s+"
    return list(regex.findall(pattern, text))
