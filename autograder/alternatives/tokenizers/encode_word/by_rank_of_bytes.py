"""As tiktoken does: parts of bytes, and the rank of two of them joined."""

from langmodels.tokenizers import *


def encode_word(word, merges):
    rank = {token: number for number, token in token_bytes(merges).items()}
    parts = [word[n : n + 1] for n in range(len(word))]
    while True:
        joined = [(rank.get(a + b, math.inf), n) for n, (a, b) in enumerate(pairwise(parts))]
        lowest, n = min(joined, default=(math.inf, 0))
        if lowest == math.inf:
            return [rank[part] for part in parts]
        parts[n : n + 2] = [parts[n] + parts[n + 1]]
