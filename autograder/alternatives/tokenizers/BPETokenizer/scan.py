"""Looks at each place whether a special token begins there; no cache."""

from langmodels.tokenizers import *


class BPETokenizer(BPETokenizer):
    def encode(self, text, special=False):
        names = sorted(self.special, key=lambda name: -len(name)) if special else []
        ids, start, place = [], 0, 0

        def plain(part):
            for word in pretokenize(part):
                ids.extend(encode_word(word.encode("utf-8"), self.merges))

        while place < len(text):
            name = next((name for name in names if text.startswith(name, place)), None)
            if name is None:
                place += 1
                continue
            plain(text[start:place])
            ids.append(self.special[name])
            start = place = place + len(name)
        plain(text[start:])
        return ids
