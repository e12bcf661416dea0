"""The text is split at spaces, and they are lost.

What split takes away cannot be joined again: two spaces become one, and line ends too. A
tokenizer must give back each character.
"""

from langmodels.tokenizers import *


def pretokenize(text):
    return text.split()
