"""Each token is decoded by itself.

A character may be spread over two tokens: each half is no UTF-8, and becomes U+FFFD. Join the
bytes first.
"""

from langmodels.tokenizers import *


def decode(ids, vocabulary):
    for number in ids:
        if number not in vocabulary:
            raise ValueError(f"{number} is no token")
    return "".join(vocabulary[number].decode(errors="replace") for number in ids)
