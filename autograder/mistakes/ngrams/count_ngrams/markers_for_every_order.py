"""A sentence gets n-1 markers on each side instead of one.

Many libraries pad this way, and for n = 2 it is the same. For larger n it invents n-grams such as
("<s>", "<s>", "a"), although one <s> already says that nothing came before, and it counts
several ends for each sentence.
"""

from langmodels.ngrams import *


def count_ngrams(sentences, order):
    counts = Counter()
    for sentence in sentences:
        markers = max(1, order - 1)
        tokens = [BOS] * markers + list(sentence) + [EOS] * markers
        counts.update(tuple(tokens[i : i + order]) for i in range(len(tokens) - order + 1))
    counts.pop((BOS,), None)
    return counts
