"""Probabilities are multiplied.

The product of a thousand pieces underflows to 0, and then all ways are alike. Add logarithms.
"""

from langmodels.tokenizers import *


def unigram_segment(text, logprobs):
    lengths = sorted({1, *map(len, logprobs)})
    unknown = math.exp(min(logprobs.values()) - 10)
    best, last_start = [1.0], [0]
    for end in range(1, len(text) + 1):
        best.append(-1.0)
        last_start.append(end - 1)
        for length in lengths:
            start = end - length
            if start < 0:
                break
            piece = text[start:end]
            p = math.exp(logprobs[piece]) if piece in logprobs else unknown if length == 1 else 0
            if p and best[start] * p > best[end]:
                best[end], last_start[end] = best[start] * p, start
    pieces, end = [], len(text)
    while end:
        pieces.append(text[last_start[end] : end])
        end = last_start[end]
    return pieces[::-1]
