"""Ids that are no tokens become U+FFFD.

0 is what is unknown in a text. An id beyond the last is a fault in the program, and hiding it
there makes it hard to find.
"""

from langmodels.tokenizers import *


class CharTokenizer(CharTokenizer):
    def decode(self, ids):
        table = dict(enumerate([REPLACEMENT, *self.characters]))
        return "".join(table.get(number, REPLACEMENT) for number in ids)
