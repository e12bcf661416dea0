"""Sums over prefixes by recursion with a cache, and derivatives by the rest."""

from langmodels.tokenizers import *


def unigram_em_step(word_counts, logprobs):
    import sys
    from functools import lru_cache

    sys.setrecursionlimit(20_000)
    longest = max(len(piece) for piece in logprobs)
    expected = {}

    def total(values):
        values = [value for value in values if value != -math.inf]
        if not values:
            return -math.inf
        high = max(values)
        return high + math.log(math.fsum(math.exp(value - high) for value in values))

    for word, count in word_counts.items():

        @lru_cache(None)
        def rest(start, word=word):
            if start == len(word):
                return 0.0
            return total(
                [
                    logprobs[word[start:end]] + rest(end)
                    for end in range(start + 1, min(len(word), start + longest) + 1)
                    if word[start:end] in logprobs
                ]
            )

        for start in reversed(range(0, len(word), 100)):
            rest(start)
        if rest(0) == -math.inf:
            raise ValueError(f"no pieces make {word}")
        reach = [0.0] + [0.0] * len(word)  # how probable it is that a piece begins here
        reach[0] = 1.0
        for start in range(len(word)):
            if reach[start] == 0:
                continue
            for end in range(start + 1, min(len(word), start + longest) + 1):
                piece = word[start:end]
                if piece in logprobs and rest(end) > -math.inf:
                    share = reach[start] * math.exp(logprobs[piece] + rest(end) - rest(start))
                    reach[end] += share
                    expected[piece] = expected.get(piece, 0.0) + count * share
    everything = math.fsum(expected.values())
    return {piece: math.log(value / everything) for piece, value in expected.items() if value > 0}
