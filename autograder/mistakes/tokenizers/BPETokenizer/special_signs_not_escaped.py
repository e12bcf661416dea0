"""Special tokens are read as regular expressions.

The bar in <|endoftext|> means "or", and + means "again". Escape what is to be found as it is
written.
"""

from langmodels.tokenizers import *


class BPETokenizer(BPETokenizer):
    def encode(self, text, special=False):
        parts = [text]
        if special and self.special:
            longest_first = sorted(self.special, key=len, reverse=True)
            parts = regex.split(f"({'|'.join(longest_first)})", text)
        ids = []
        for number, part in enumerate(parts):
            if number % 2:
                ids.append(self.special[part])
                continue
            for word in pretokenize(part):
                if word not in self._known:
                    self._known[word] = encode_fast(word.encode(), self.merges)
                ids += self._known[word]
        return ids
