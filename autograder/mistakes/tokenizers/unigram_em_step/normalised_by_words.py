"""The expected counts are divided by the number of words.

A word has several pieces. The sum of all expected counts is what makes probabilities of them.
"""

from langmodels.tokenizers import *


def unigram_em_step(word_counts, logprobs):
    lengths = {len(piece) for piece in logprobs}
    expected = defaultdict(float)
    for word, count in word_counts.items():
        n = len(word)
        spans = [
            (end - length, end, word[end - length : end])
            for end in range(1, n + 1)
            for length in lengths
            if length <= end and word[end - length : end] in logprobs
        ]
        forward = [0.0] + [-math.inf] * n
        for start, end, piece in spans:
            forward[end] = np.logaddexp(forward[end], forward[start] + logprobs[piece])
        if forward[n] == -math.inf:
            raise ValueError(f"{word!r} cannot be cut into pieces")
        backward = [-math.inf] * n + [0.0]
        for start, end, piece in sorted(spans, reverse=True):
            backward[start] = np.logaddexp(backward[start], logprobs[piece] + backward[end])
        for start, end, piece in spans:
            through = forward[start] + logprobs[piece] + backward[end]
            if through > -math.inf:
                expected[piece] += count * math.exp(through - forward[n])
    total = math.log(sum(word_counts.values()))
    return {piece: math.log(value) - total for piece, value in expected.items() if value}
