"""The weighted lower order is added to stored probabilities as well.

The table of an interpolated model already holds the sums. Adding γ(h) P(w | h') once more makes
the probabilities after a context sum to more than 1.
"""

from langmodels.ngrams import *


class BackoffModel(BackoffModel):
    def prob(self, word, context=()):
        ngram = self.ngram(word, context)
        if len(ngram) == 1:
            return self.probabilities[ngram]
        weight = self.backoffs.get(ngram[:-1], 1.0)
        return self.probabilities.get(ngram, 0.0) + weight * self.prob(word, context[1:])
