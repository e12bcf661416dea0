"""Ids count the characters in the order in which they appear.

The order of `characters` is that of their code points, and decode reads ids by it. A text that
begins with another character would give every id another meaning.
"""

from langmodels.tokenizers import *


class CharTokenizer(CharTokenizer):
    def __init__(self, text):
        self.characters = list(dict.fromkeys(text))
