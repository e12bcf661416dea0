"""The word is read as text, and its characters are the tokens.

長 is three bytes and so three tokens to begin with. The code point of a character beyond 255 is
the id of some merge.
"""

from langmodels.tokenizers import *


def encode_word(word, merges):
    ids = [ord(c) for c in word.decode("utf-8", "replace")]
    while len(ids) > 1:
        pair = min(pairwise(ids), key=lambda pair: merges.get(pair, math.inf))
        if pair not in merges:
            break
        ids = merge(ids, pair, merges[pair])
    return ids
