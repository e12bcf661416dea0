"""The text is not cut into words.

Merges then cross spaces, and the tokens are others than those that were learned. Pre-tokenization
belongs to encoding as it belongs to training.
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
            for word in [part]:
                if word not in self._known:
                    self._known[word] = encode_fast(word.encode(), self.merges)
                ids += self._known[word]
        return ids
