"""The sentences are joined to one long text before counting.

Then ("</s>", "<s>") and its longer relatives are counted: n-grams that reach from one sentence
into the next. Sentences are separate samples; the order in which they are listed means nothing.
"""

from langmodels.ngrams import *


def count_ngrams(sentences, order):
    tokens = []
    for sentence in sentences:
        tokens += [BOS, *sentence, EOS]
    counts = Counter(zip(*(tokens[start:] for start in range(order)), strict=False))
    counts.pop((BOS,), None)
    return counts
