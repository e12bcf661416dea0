"""Where nothing fits, one character is unknown, and it goes on.

That is how other tokenizers do it. Here the whole word is unknown as soon as nothing fits.
"""

from langmodels.tokenizers import *


def wordpiece(word, vocabulary, unknown="[UNK]", max_characters=100):
    if len(word) > max_characters:
        return [unknown]
    pieces, start = [], 0
    while start < len(word):
        prefix = "##" if start else ""
        for end in range(len(word), start, -1):
            if prefix + word[start:end] in vocabulary:
                pieces.append(prefix + word[start:end])
                break
        else:
            end = start + 1
            pieces.append(unknown)
        start = end
    return pieces
