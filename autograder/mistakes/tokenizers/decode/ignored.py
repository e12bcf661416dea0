"""Bytes that are no UTF-8 are left out.

Then nobody sees that something is missing. errors="replace" puts U+FFFD where they were.
"""

from langmodels.tokenizers import *


def decode(ids, vocabulary):
    for number in ids:
        if number not in vocabulary:
            raise ValueError(f"{number} is no token: there are {len(vocabulary)}")
    return b"".join(vocabulary[number] for number in ids).decode(errors="ignore")
