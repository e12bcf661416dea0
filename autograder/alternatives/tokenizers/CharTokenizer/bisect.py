"""Bisection in the sorted characters; a loop that appends."""

from langmodels.tokenizers import *


class CharTokenizer(CharTokenizer):
    def encode(self, text):
        from bisect import bisect_left

        ids = []
        for character in text:
            place = bisect_left(self.characters, character)
            known = place < len(self.characters) and self.characters[place] == character
            ids.append(place + 1 if known else 0)
        return ids

    def decode(self, ids):
        text = ""
        for number in ids:
            if number < 0 or number > len(self.characters):
                raise ValueError(f"no token has the id {number}")
            text += self.characters[number - 1] if number else "\ufffd"
        return text
