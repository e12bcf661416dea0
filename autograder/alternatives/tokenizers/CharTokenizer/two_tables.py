"""Two tables that are made once; decoding through a KeyError."""

from langmodels.tokenizers import *


class CharTokenizer(CharTokenizer):
    def __init__(self, text):
        self.characters = sorted(frozenset(text))
        self.of = {c: i + 1 for i, c in enumerate(self.characters)}
        self.at = {0: "\N{REPLACEMENT CHARACTER}"} | {i: c for c, i in self.of.items()}

    def encode(self, text):
        return [self.of.get(c, 0) for c in text]

    def decode(self, ids):
        try:
            return "".join([self.at[number] for number in ids])
        except KeyError as error:
            raise ValueError(f"unknown id: {error.args[0]}") from None
