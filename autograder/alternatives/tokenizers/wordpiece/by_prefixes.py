"""Asks for each start which of the possible pieces is the longest."""

from langmodels.tokenizers import *


def wordpiece(word, vocabulary, unknown="[UNK]", max_characters=100):
    pieces, rest, signs = [], word, ""
    while rest:
        fitting = [n for n in range(1, len(rest) + 1) if signs + rest[:n] in vocabulary]
        if not fitting or len(word) > max_characters:
            return [unknown]
        pieces.append(signs + rest[: fitting[-1]])
        rest, signs = rest[fitting[-1] :], "##"
    return pieces
