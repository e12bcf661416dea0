"""The first character has the id 0.

0 is taken: it stands for every character that is not known. The characters are counted from 1, or
the first of them cannot be told from an unknown one.
"""

from langmodels.tokenizers import *


class CharTokenizer(CharTokenizer):
    def encode(self, text):
        ids = {character: number for number, character in enumerate(self.characters, start=0)}
        return [ids.get(character, 0) for character in text]
