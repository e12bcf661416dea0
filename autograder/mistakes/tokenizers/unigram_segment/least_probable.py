"""The least probable way is taken.

Log-probabilities are negative: the best way has the highest sum, the nearest to 0.
"""

from langmodels.tokenizers import *


def unigram_segment(text, logprobs):
    lengths = sorted({1, *map(len, logprobs)})
    unknown = min(logprobs.values()) - 10
    best = [0.0]
    last_start = [0]
    for end in range(1, len(text) + 1):
        best.append(math.inf)
        last_start.append(end)
        for length in lengths:
            if (start := end - length) < 0:
                break
            price = logprobs.get(text[start:end], unknown if length == 1 else -math.inf)
            if price > -math.inf and best[start] + price < best[end]:
                best[end] = best[start] + price
                last_start[end] = start
    pieces = []
    end = len(text)
    while end:
        pieces.append(text[last_start[end] : end])
        end = last_start[end]
    return pieces[::-1]
