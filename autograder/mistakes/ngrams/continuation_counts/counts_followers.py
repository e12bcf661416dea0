"""It counts the different tokens after a context, not those before an end.

N_{1+}(g •) has the dot on the other side. "San" has many occurrences and one follower; what is
asked for is that "Francisco" has one predecessor.
"""

from langmodels.ngrams import *


def continuation_counts(counts):
    return Counter(ngram[:-1] for ngram, count in counts.items() if count > 0)
