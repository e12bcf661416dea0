"""A loop over positions and a plain dict instead of a Counter."""

from langmodels.ngrams import *


def count_ngrams(sentences, order):
    counts = {}
    for sentence in sentences:
        tokens = ["<s>", *sentence, "</s>"]
        for end in range(order, len(tokens) + 1):
            ngram = tuple(tokens[end - order : end])
            if ngram != ("<s>",):
                counts[ngram] = counts.get(ngram, 0) + 1
    return counts
