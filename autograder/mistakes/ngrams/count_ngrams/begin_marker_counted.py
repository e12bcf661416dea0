"""For order 1 the bare <s> is counted as if it were a word.

<s> is only looked back at, never predicted. As one of the unigrams it takes its share of the
probability, and what is left for the real words sums to less than 1.
"""

from langmodels.ngrams import *


def count_ngrams(sentences, order):
    counts = Counter()
    for sentence in sentences:
        tokens = pad(sentence)
        for i in range(len(tokens) - order + 1):
            counts[tuple(tokens[i : i + order])] += 1
    return counts
