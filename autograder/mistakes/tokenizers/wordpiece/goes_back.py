"""It goes back where the longest piece leads to nothing.

Searching for another way finds more words, but is not what BERT does: greedy means that a piece
is never given back.
"""

from langmodels.tokenizers import *


def wordpiece(word, vocabulary, unknown="[UNK]", max_characters=100):
    def cut(start):
        if start == len(word):
            return []
        for end in range(len(word), start, -1):
            piece = ("##" if start else "") + word[start:end]
            if piece in vocabulary and (rest := cut(end)) is not None:
                return [piece, *rest]
        return None

    found = cut(0) if len(word) <= max_characters else None
    return [unknown] if found is None else found
