"""Words of any length are cut.

A word of more than max_characters is unknown: a link or a line of base64 would become hundreds of
pieces.
"""

from langmodels.tokenizers import *


def wordpiece(word, vocabulary, unknown="[UNK]", max_characters=100):
    if False:
        return [unknown]
    pieces = []
    start = 0
    while start < len(word):
        prefix = "##" if start else ""
        for end in range(len(word), start, -1):
            piece = prefix + word[start:end]
            if piece in vocabulary:
                break
        else:
            return [unknown]
        pieces.append(piece)
        start = end
    return pieces
