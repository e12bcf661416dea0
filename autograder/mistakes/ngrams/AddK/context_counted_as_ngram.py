"""The denominator is c(h), which is 0 for <s>, instead of the sum of c(h v).

Mostly both are the same number. But <s> is never predicted and so has no count of its own: the
first word of a sentence gets a far too small denominator. Sum up what followed the context.
"""

from langmodels.ngrams import *


class AddK(AddK):
    def prob(self, word, context=()):
        ngram = self.ngram(word, context)
        count = self.counts[len(ngram) - 1][ngram]
        if len(ngram) > 1:
            total = self.counts[len(ngram) - 2][ngram[:-1]]
        else:
            total = sum(self.counts[0].values())
        return (count + self.k) / (total + self.k * len(self.vocabulary))
