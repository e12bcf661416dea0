"""Computes with exact fractions and rounds once, at the end."""

from fractions import Fraction

from langmodels.ngrams import *


class AddK(AddK):
    def prob(self, word, context=()):
        *history, token = self.ngram(word, context)
        extra = Fraction(self.k)
        table = self.counts[len(history)]
        seen = table.get((*history, token), 0) + extra
        everything = sum(table.get((*history, v), 0) + extra for v in self.vocabulary)
        return float(seen / everything)
