"""White space at the edges is cut off.

" hug" begins with a space because something stands before it. Decoding gives back every byte.
"""

from langmodels.tokenizers import *


def decode(ids, vocabulary):
    for number in ids:
        if number not in vocabulary:
            raise ValueError(f"{number} is no token: there are {len(vocabulary)}")
    return b"".join(vocabulary[number] for number in ids).decode(errors="replace").strip()
