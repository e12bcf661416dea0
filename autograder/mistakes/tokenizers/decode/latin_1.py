"""Each byte is read as a character.

Latin-1 never fails, and reads 长 as three characters. The bytes are UTF-8.
"""

from langmodels.tokenizers import *


def decode(ids, vocabulary):
    for number in ids:
        if number not in vocabulary:
            raise ValueError(f"{number} is no token: there are {len(vocabulary)}")
    return b"".join(vocabulary[number] for number in ids).decode("latin-1")
