"""It reads the words off the unigram counts and takes the rare ones away."""

from langmodels.ngrams import *


def build_vocabulary(sentences, min_count=1):
    counts = count_ngrams(sentences, 1)
    rare = {word for (word,), count in counts.items() if count < min_count}
    return frozenset({word for (word,) in counts} - rare | {EOS, UNK})
