"""0 becomes a question mark.

A question mark may be a character of the text. U+FFFD is there for what could not be read, and
for nothing else.
"""

from langmodels.tokenizers import *


class CharTokenizer(CharTokenizer):
    def decode(self, ids):
        table = ["?", *self.characters]
        for number in ids:
            if not 0 <= number < len(table):
                raise ValueError(f"{number} is no token: there are {len(table)}")
        return "".join(table[number] for number in ids)
