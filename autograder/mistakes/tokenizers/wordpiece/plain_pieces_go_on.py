"""A piece without ## may also go on.

It begins a word. Taking it within one makes two words of it when the pieces are joined.
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
            if word[start:end] in vocabulary:
                piece = word[start:end]
                break
        else:
            return [unknown]
        pieces.append(piece)
        start = end
    return pieces
