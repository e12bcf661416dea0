"""A word that came before is left out.

The cache is filled and not read: a word that is known adds nothing. The cache saves work, and
changes no answer.
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
                    self._known[word] = encode_fast(word.encode(), self.merges)
                    ids += self._known[word]
        return ids
