"""Writes add-k as a mixture of the relative frequency and 1/V, which is the same number."""

from langmodels.ngrams import *


class AddK(AddK):
    def prob(self, word, context=()):
        ngram = self.ngram(word, context)
        total = self.totals.get(ngram[:-1], 0)
        uniform = 1 / len(self.vocabulary)
        if total == 0:
            return uniform
        trust = total / (total + self.k * len(self.vocabulary))
        return trust * self.counts[len(ngram) - 1][ngram] / total + (1 - trust) * uniform
