"""A negative id is taken from the end of the list.

Python reads table[-1] as the last entry. An id that is no token is a mistake elsewhere, and has
to be said instead of turned into some character.
"""

from langmodels.tokenizers import *


class CharTokenizer(CharTokenizer):
    def decode(self, ids):
        table = [REPLACEMENT, *self.characters]
        for number in ids:
            if number >= len(table):
                raise ValueError(f"{number} is no token: there are {len(table)}")
        return "".join(table[number] for number in ids)
