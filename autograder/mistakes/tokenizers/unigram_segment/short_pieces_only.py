"""Pieces of more than 16 characters are not looked for.

Pieces may have any length. The bound is the longest piece of the vocabulary.
"""

from langmodels.tokenizers import *


def unigram_segment(text, logprobs):
    lengths = range(1, 17)
    unknown = min(logprobs.values()) - 10
    best = [0.0]
    last_start = [0]
    for end in range(1, len(text) + 1):
        best.append(-math.inf)
        last_start.append(end)
        for length in lengths:
            if (start := end - length) < 0:
                break
            price = logprobs.get(text[start:end], unknown if length == 1 else -math.inf)
            if best[start] + price > best[end]:
                best[end] = best[start] + price
                last_start[end] = start
    pieces = []
    end = len(text)
    while end:
        pieces.append(text[last_start[end] : end])
        end = last_start[end]
    return pieces[::-1]
