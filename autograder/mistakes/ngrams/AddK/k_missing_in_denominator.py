"""The denominator grows by V, whatever k is.

That is Laplace's formula, right for k = 1 only. Each of V words gets k more sightings, so the
total grows by k V; with k = 0.1 and V alone most of the probability is lost.
"""

from langmodels.ngrams import *


class AddK(AddK):
    def prob(self, word, context=()):
        ngram = self.ngram(word, context)
        count = self.counts[len(ngram) - 1][ngram]
        return (count + self.k) / (self.totals[ngram[:-1]] + len(self.vocabulary))
