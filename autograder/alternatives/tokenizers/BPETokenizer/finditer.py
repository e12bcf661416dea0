"""Matches of the special tokens one after another; a cache of all instances."""

from langmodels.tokenizers import *

_CACHE = {}


class BPETokenizer(BPETokenizer):
    def encode(self, text, special=False):
        found = []
        if special and self.special:
            names = sorted(self.special, reverse=True)  # a longer one comes before its beginning
            found = list(regex.finditer("|".join(regex.escape(name) for name in names), text))
        ids, last = [], 0
        for match in found:
            ids += self.plain(text[last : match.start()])
            ids.append(self.special[match.group()])
            last = match.end()
        return ids + self.plain(text[last:])

    def plain(self, text):
        ids = []
        for word in pretokenize(text):
            key = id(self.merges), len(self.merges), word
            if key not in _CACHE:
                _CACHE[key] = tuple(encode_fast(word.encode(), self.merges))
            ids.extend(_CACHE[key])
        return ids
