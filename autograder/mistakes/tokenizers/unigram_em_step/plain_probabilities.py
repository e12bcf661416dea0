"""Sums are made with plain probabilities.

A long word has a probability that no float can hold: 0 divided by 0. Stay in the logarithms.
"""

from langmodels.tokenizers import *


def unigram_em_step(word_counts, logprobs):
    p = {piece: math.exp(value) for piece, value in logprobs.items()}
    expected = Counter()
    for word, count in word_counts.items():
        n = len(word)
        spans = [(i, j) for j in range(1, n + 1) for i in range(max(0, j - 8), j) if word[i:j] in p]
        forward, backward = [1.0, *[0.0] * n], [*[0.0] * n, 1.0]
        for i, j in spans:
            forward[j] += forward[i] * p[word[i:j]]
        for i, j in reversed(spans):
            backward[i] = backward[i] + p[word[i:j]] * backward[j]
        if not forward[n]:
            raise ValueError(f"{word!r} cannot be cut into pieces")
        for i, j in spans:
            expected[word[i:j]] += count * forward[i] * p[word[i:j]] * backward[j] / forward[n]
    total = math.log(expected.total())
    return {piece: math.log(value) - total for piece, value in expected.items() if value}
