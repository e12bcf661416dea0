"""Without regular expressions: a scanner that asks for categories."""

import unicodedata

from langmodels.tokenizers import *


def pretokenize(text):
    def kind(character):
        if regex.match(r"\s", character):
            return "space"
        category = unicodedata.category(character)[0]
        return category if category in "LN" else "sign"

    kinds = [kind(character) for character in text]
    pieces, place = [], 0
    while place < len(text):
        ending = next(
            (e for e in ("'s", "'d", "'m", "'t", "'ll", "'ve", "'re") if text.startswith(e, place)),
            None,
        )
        if ending:
            end = place + len(ending)
        else:
            start = place
            if text[place] == " " and place + 1 < len(text) and kinds[place + 1] != "space":
                start += 1
            end = start
            while end < len(text) and kinds[end] == kinds[start]:
                end += 1
            if kinds[start] == "space" and end < len(text) and end - start > 1:
                end -= 1
        pieces.append(text[place:end])
        place = end
    return pieces
