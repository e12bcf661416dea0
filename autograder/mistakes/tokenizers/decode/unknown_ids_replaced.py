"""Ids that are not in the vocabulary become U+FFFD.

U+FFFD stands for bytes that are no text. An id that is no token is a fault of the program, and
raises a ValueError.
"""

from langmodels.tokenizers import *


def decode(ids, vocabulary):
    data = b"".join(vocabulary.get(number, "\ufffd".encode()) for number in ids)
    return data.decode(errors="replace")
