"""Special tokens are tried in the order of their ids.

Where one begins another, the shorter one may come first and take its beginning. The longest that
fits is asked for.
"""

from langmodels.tokenizers import *


class BPETokenizer(BPETokenizer):
    def encode(self, text, special=False):
        parts = [text]
        if special and self.special:
            longest_first = list(self.special)
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
