"""The markers are written into the caller's own sentences.

insert and append change the list that was passed in. The next time the same text is counted, for
another order say, it already has its markers and gets a second pair. Make a new list.
"""

from langmodels.ngrams import *


def count_ngrams(sentences, order):
    counts = Counter()
    for sentence in sentences:
        sentence.insert(0, BOS)
        sentence.append(EOS)
        for i in range(len(sentence) - order + 1):
            counts[tuple(sentence[i : i + order])] += 1
    counts.pop((BOS,), None)
    return counts
