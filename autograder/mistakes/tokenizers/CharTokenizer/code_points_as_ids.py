"""The id of a character is its code point.

ord gives numbers up to 1,114,111, with gaps. A model has one row of weights for each id, so ids
count the characters that the text has.
"""

from langmodels.tokenizers import *


class CharTokenizer(CharTokenizer):
    def encode(self, text):
        return [ord(c) if c in self.characters else 0 for c in text]

    def decode(self, ids):
        return "".join(chr(number) if number else REPLACEMENT for number in ids)
