"""Pieces are looked up with ## and written without.

The answer is pieces of the vocabulary, as they stand there.
"""

from langmodels.tokenizers import *


def wordpiece(word, vocabulary, unknown="[UNK]", max_characters=100):
    if len(word) > max_characters:
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
        pieces.append(word[start:end])
        start = end
    return pieces
