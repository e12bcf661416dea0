"""Only the best way to cut each word counts.

That is hard EM, or Viterbi training. Each way counts with its probability.
"""

from langmodels.tokenizers import *


def unigram_em_step(word_counts, logprobs):
    expected = Counter()
    for word, count in word_counts.items():
        pieces = unigram_segment(word, logprobs)
        if any(piece not in logprobs for piece in pieces):
            raise ValueError(f"{word!r} cannot be cut into pieces")
        for piece in pieces:
            expected[piece] += count
    total = math.log(expected.total())
    return {piece: math.log(value) - total for piece, value in expected.items()}
