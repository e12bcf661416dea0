r"""\w stands for letters.

\w also matches digits and the underscore, so GPT2 and snake_case stay whole. GPT-2 cuts letters,
numbers and signs apart.
"""

from langmodels.tokenizers import *


def pretokenize(text):
    pattern = r"'(?:[sdmt]|ll|ve|re)| ?\w+| ?[^\s\w]+|\s+(?!\S)|\s+"
    return list(regex.findall(pattern, text))
