"""0 becomes nothing in the text.

What was unknown has to be seen: U+FFFD says that something stood here. Leaving it out joins what
was apart.
"""

from langmodels.tokenizers import *


class CharTokenizer(CharTokenizer):
    def decode(self, ids):
        table = ["", *self.characters]
        for number in ids:
            if not 0 <= number < len(table):
                raise ValueError(f"{number} is no token: there are {len(table)}")
        return "".join(table[number] for number in ids)
