"""Seen n-grams keep their relative frequency, and only the unseen ones get k.

What the unseen words get has to be taken from the seen ones, else the sum exceeds 1. The k goes
to every word alike.
"""

from langmodels.ngrams import *


class AddK(AddK):
    def prob(self, word, context=()):
        ngram = self.ngram(word, context)
        count = self.counts[len(ngram) - 1][ngram]
        total = self.totals[ngram[:-1]]
        if count:
            return count / total
        return self.k / (total + self.k * len(self.vocabulary))
