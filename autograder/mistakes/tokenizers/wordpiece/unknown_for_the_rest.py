"""What came before the unknown rest is kept.

BERT gives up the whole word: half a word would look like another one.
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
            return [*pieces, unknown]
        pieces.append(piece)
        start = end
    return pieces
