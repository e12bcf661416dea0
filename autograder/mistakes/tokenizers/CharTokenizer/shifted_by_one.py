"""decode reads characters[id].

encode counts from 1, so the character of id i stands at place i - 1 of `characters`. Encode and
decode a text, and compare.
"""

from langmodels.tokenizers import *


class CharTokenizer(CharTokenizer):
    def decode(self, ids):
        table = [*self.characters, REPLACEMENT]
        for number in ids:
            if not 0 <= number < len(table):
                raise ValueError(f"{number} is no token")
        return "".join(table[number] for number in ids)
