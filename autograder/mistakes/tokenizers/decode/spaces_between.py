"""Tokens are joined with spaces.

A space is a byte of the word that follows, and is in its token. Nothing is put between tokens.
"""

from langmodels.tokenizers import *


def decode(ids, vocabulary):
    for number in ids:
        if number not in vocabulary:
            raise ValueError(f"{number} is no token: there are {len(vocabulary)}")
    return b" ".join(vocabulary[number] for number in ids).decode(errors="replace")
