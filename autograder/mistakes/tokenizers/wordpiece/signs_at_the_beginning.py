"""The first piece may be one with ## as well.

A piece with ## goes on. Where no other fits at the beginning, the word is unknown.
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
            if "##" + piece in vocabulary and start == 0:
                piece = "##" + piece
                break
        else:
            return [unknown]
        pieces.append(piece)
        start = end
    return pieces
