"""The text is cut into words before special tokens are looked for.

Words end within <|endoftext|>: it is never found. Special tokens are cut out first.
"""

from langmodels.tokenizers import *


class BPETokenizer(BPETokenizer):
    def encode(self, text, special=False):
        ids = []
        for word in pretokenize(text):
            if special and word in self.special:
                ids.append(self.special[word])
            else:
                ids += encode_fast(word.encode(), self.merges)
        return ids
