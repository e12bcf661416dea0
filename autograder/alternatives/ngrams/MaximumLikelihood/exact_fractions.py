"""It divides exactly and turns the fraction into a float at the end."""

from langmodels.ngrams import *


class MaximumLikelihood(MaximumLikelihood):
    def prob(self, word, context=()):
        from fractions import Fraction

        ngram = self.ngram(word, context)
        total = self.totals.get(ngram[:-1], 0)
        return float(Fraction(self.counts[len(ngram) - 1].get(ngram, 0), total)) if total else 0.0
