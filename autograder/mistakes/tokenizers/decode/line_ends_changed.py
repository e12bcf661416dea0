r"""Line ends are made the same.

A tokenizer changes no text: \r\n comes back as \r\n.
"""

from langmodels.tokenizers import *


def decode(ids, vocabulary):
    for number in ids:
        if number not in vocabulary:
            raise ValueError(f"{number} is no token: there are {len(vocabulary)}")
    return (
        b"".join(vocabulary[number] for number in ids)
        .decode(errors="replace")
        .replace("\r\n", "\n")
        .replace("\r", "\n")
    )
