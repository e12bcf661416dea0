"""Bytes that are no UTF-8 raise an error.

A model may write any bytes, and stop in the middle of a character. What cannot be read is
replaced, so that the rest can be shown.
"""

from langmodels.tokenizers import *


def decode(ids, vocabulary):
    for number in ids:
        if number not in vocabulary:
            raise ValueError(f"{number} is no token: there are {len(vocabulary)}")
    return b"".join(vocabulary[number] for number in ids).decode()
