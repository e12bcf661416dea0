"""At each place the longest token of the vocabulary is taken.

That is how WordPiece cuts. BPE replays its merges, and a long token whose parts were taken by an
earlier merge is not made.
"""

from langmodels.tokenizers import *


def encode_word(word, merges):
    number = {token: n for n, token in token_bytes(merges).items()}
    ids = []
    while word:
        end = next(end for end in range(len(word), 0, -1) if word[:end] in number)
        ids.append(number[word[:end]])
        word = word[end:]
    return ids
