"""The weight is looked up for the whole n-gram, the word included.

Weights belong to contexts. The n-gram is not stored, that is why the model backs off, so its
weight is (almost) never there and everything costs nothing.
"""

from langmodels.ngrams import *


class BackoffModel(BackoffModel):
    def prob(self, word, context=()):
        ngram = self.ngram(word, context)
        weight = 1.0
        while ngram not in self.probabilities:
            weight *= self.backoffs.get(ngram, 1.0)
            ngram = ngram[1:]
        return weight * self.probabilities[ngram]
