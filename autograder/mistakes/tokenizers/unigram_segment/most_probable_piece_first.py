"""At each place the most probable piece is taken.

A cheap piece now may force an expensive one later. Only the whole way counts.
"""

from langmodels.tokenizers import *


def unigram_segment(text, logprobs):
    pieces, start = [], 0
    while start < len(text):
        ends = [end for end in range(start + 1, len(text) + 1) if text[start:end] in logprobs]
        end = max(ends, key=lambda end: logprobs[text[start:end]], default=start + 1)
        pieces.append(text[start:end])
        start = end
    return pieces
