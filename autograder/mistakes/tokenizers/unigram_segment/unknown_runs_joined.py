"""A run of unknown characters may be one piece.

One piece costs less than many. Only a single character may be unknown.
"""

from langmodels.tokenizers import *


def unigram_segment(text, logprobs):
    sorted({1, *map(len, logprobs)})
    unknown = min(logprobs.values()) - 10
    best = [0.0]
    last_start = [0]
    for end in range(1, len(text) + 1):
        best.append(-math.inf)
        last_start.append(end)
        for length in range(1, end + 1):
            if (start := end - length) < 0:
                break
            price = logprobs.get(text[start:end], unknown)
            if best[start] + price > best[end]:
                best[end] = best[start] + price
                last_start[end] = start
    pieces = []
    end = len(text)
    while end:
        pieces.append(text[last_start[end] : end])
        end = last_start[end]
    return pieces[::-1]
