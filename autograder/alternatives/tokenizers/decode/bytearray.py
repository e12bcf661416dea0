"""A bytearray that grows."""

from langmodels.tokenizers import *


def decode(ids, vocabulary):
    data = bytearray()
    for number in ids:
        token = vocabulary.get(number)
        if token is None:
            raise ValueError(f"no token {number}")
        data += token
    return str(data, "utf-8", "replace")
