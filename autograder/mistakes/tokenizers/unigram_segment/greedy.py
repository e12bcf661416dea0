"""The longest piece is taken first.

The longest piece may leave an expensive rest. Viterbi compares whole ways to cut.
"""

from langmodels.tokenizers import *


def unigram_segment(text, logprobs):
    pieces, start = [], 0
    while start < len(text):
        ends = [end for end in range(start + 1, len(text) + 1) if text[start:end] in logprobs]
        end = max(ends, default=start + 1)
        pieces.append(text[start:end])
        start = end
    return pieces
