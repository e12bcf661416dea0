"""The denominator grows by k, not by k for every word of the vocabulary.

Each of the V words gets k extra sightings, so their total grows by k V. With k alone in the
denominator the probabilities after one context add up to more than 1, the more so the larger
the vocabulary.
"""

from langmodels.ngrams import *


class AddK(AddK):
    def prob(self, word, context=()):
        ngram = self.ngram(word, context)
        count = self.counts[len(ngram) - 1][ngram]
        return (count + self.k) / (self.totals[ngram[:-1]] + self.k)
