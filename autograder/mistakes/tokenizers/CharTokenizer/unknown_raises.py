"""An unknown character raises a KeyError.

A tokenizer meets characters that were not in its text sooner than you think. They have an id of
their own, 0.
"""

from langmodels.tokenizers import *


class CharTokenizer(CharTokenizer):
    def encode(self, text):
        ids = {character: number for number, character in enumerate(self.characters, start=1)}
        return [ids[character] for character in text]
