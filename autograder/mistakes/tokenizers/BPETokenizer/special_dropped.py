"""Special tokens are cut out and lost.

split without a group gives only what is between. They are tokens: they have to be in the ids, at
their place.
"""

from langmodels.tokenizers import *


class BPETokenizer(BPETokenizer):
    def encode(self, text, special=False):
        parts = [text]
        if special and self.special:
            parts = regex.split("|".join(map(regex.escape, self.special)), text)
        return [
            number
            for part in parts
            for word in pretokenize(part)
            for number in encode_fast(word.encode(), self.merges)
        ]
