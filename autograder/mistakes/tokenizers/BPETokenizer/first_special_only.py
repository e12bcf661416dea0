"""Each special token is recognised once.

str.partition finds the first place. A text may hold it many times.
"""

from langmodels.tokenizers import *


class BPETokenizer(BPETokenizer):
    def encode(self, text, special=False):
        def plain(part):
            return [n for w in pretokenize(part) for n in encode_fast(w.encode(), self.merges)]

        for name in sorted(self.special, key=len, reverse=True) if special else ():
            before, found, after = text.partition(name)
            if found:
                return [*plain(before), self.special[name], *plain(after)]
        return plain(text)
