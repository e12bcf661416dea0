"""A context that is not stored has weight 0 instead of 1.

Nothing was taken from a context that was never seen, so all of its mass goes to the shorter one.
With weight 0 every word after a new context would be impossible.
"""

from langmodels.ngrams import *


class BackoffModel(BackoffModel):
    def prob(self, word, context=()):
        ngram = self.ngram(word, context)
        weight = 1.0
        while ngram not in self.probabilities:
            weight *= self.backoffs.get(ngram[:-1], 0.0)
            ngram = ngram[1:]
        return weight * self.probabilities[ngram]
