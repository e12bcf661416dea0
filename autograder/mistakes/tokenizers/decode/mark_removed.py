"""A byte-order mark at the beginning is taken away.

utf-8-sig drops U+FEFF. It was in the text that was encoded, so it comes back.
"""

from langmodels.tokenizers import *


def decode(ids, vocabulary):
    for number in ids:
        if number not in vocabulary:
            raise ValueError(f"{number} is no token: there are {len(vocabulary)}")
    return b"".join(vocabulary[number] for number in ids).decode("utf-8-sig", errors="replace")
