"""A function that cuts the rest, and None where that fails."""

from langmodels.tokenizers import *


def wordpiece(word, vocabulary, unknown="[UNK]", max_characters=100):
    known = frozenset(vocabulary)

    def cut(rest, signs):
        if not rest:
            return ()
        for end in reversed(range(1, len(rest) + 1)):
            if signs + rest[:end] in known:
                tail = cut(rest[end:], "##")
                return None if tail is None else (signs + rest[:end], *tail)
        return None

    found = None if len(word) > max_characters else cut(word, "")
    return [unknown] if found is None else list(found)
