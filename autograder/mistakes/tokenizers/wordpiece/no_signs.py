"""Pieces are looked up and written without ##.

"s" and "##s" are two entries of the vocabulary: one begins a word, the other goes on. Without the
signs nobody can join the pieces again.
"""

from langmodels.tokenizers import *


def wordpiece(word, vocabulary, unknown="[UNK]", max_characters=100):
    if len(word) > max_characters:
        return [unknown]
    pieces = []
    start = 0
    while start < len(word):
        prefix = ""
        for end in range(len(word), start, -1):
            piece = prefix + word[start:end]
            if piece in vocabulary:
                break
        else:
            return [unknown]
        pieces.append(piece)
        start = end
    return pieces
