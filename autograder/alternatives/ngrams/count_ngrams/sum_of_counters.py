"""One Counter for each sentence, added up at the end."""

from langmodels.ngrams import *


def count_ngrams(sentences, order):
    def windows(tokens):
        if len(tokens) < order:
            return []
        return [tuple(tokens[:order]), *windows(tokens[1:])]

    total = sum((Counter(windows(pad(sentence))) for sentence in sentences), Counter())
    return Counter({ngram: count for ngram, count in total.items() if ngram[-1] != BOS})
