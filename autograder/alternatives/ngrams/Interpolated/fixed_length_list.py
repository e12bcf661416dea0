"""Fills a list of n+1 entries from the longest context down, then closes the gaps upwards."""

from fractions import Fraction

from langmodels.ngrams import *


class Interpolated(Interpolated):
    def components(self, word, context=()):
        *history, token = self.ngram(word, context)
        parts = [None] * (self.order + 1)
        parts[0] = Fraction(1, len(self.vocabulary))
        for length in range(len(history), -1, -1):
            recent = tuple(history[len(history) - length :])
            if total := self.totals[recent]:
                parts[length + 1] = Fraction(self.counts[length][(*recent, token)], total)
        for m in range(1, self.order + 1):
            if parts[m] is None:
                parts[m] = parts[m - 1]
        return [float(part) for part in parts]

    def prob(self, word, context=()):
        return math.fsum(
            map(float.__mul__, map(float, self.weights), self.components(word, context))
        )
