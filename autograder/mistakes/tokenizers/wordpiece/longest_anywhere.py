"""The longest piece anywhere in the word is taken first.

From left to right is asked for. The longest piece in the middle may leave a beginning that is not
in the vocabulary.
"""

from langmodels.tokenizers import *


def wordpiece(word, vocabulary, unknown="[UNK]", max_characters=100):
    def cut(start, stop):
        if start == stop:
            return []
        for length in range(stop - start, 0, -1):
            for left in range(start, stop - length + 1):
                piece = ("##" if left else "") + word[left : left + length]
                if piece in vocabulary:
                    before, after = cut(start, left), cut(left + length, stop)
                    ok = before is not None and after is not None
                    return [*before, piece, *after] if ok else None
        return None

    found = cut(0, len(word)) if len(word) <= max_characters else None
    return [unknown] if found is None else found
