"""Words are given to the merges as code points.

Merges were learned on UTF-8. The code point of 长 is no byte, and é is one byte here instead of
two.
"""

from langmodels.tokenizers import *


class BPETokenizer(BPETokenizer):
    def encode(self, text, special=False):
        parts = [text]
        if special and self.special:
            longest_first = sorted(self.special, key=len, reverse=True)
            parts = regex.split(f"({'|'.join(map(regex.escape, longest_first))})", text)
        ids = []
        for number, part in enumerate(parts):
            if number % 2:
                ids.append(self.special[part])
                continue
            for word in pretokenize(part):
                if word not in self._known:
                    self._known[word] = encode_fast([ord(c) for c in word], self.merges)
                ids += self._known[word]
        return ids
