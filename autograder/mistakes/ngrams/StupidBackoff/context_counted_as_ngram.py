"""The denominator is c(h), which is 0 for <s>, instead of the sum of c(h v).

Mostly both are the same number. But <s> is never predicted and so has no count of its own: at
the start of a sentence this falls back on the number of all tokens, and the score is too small.
"""

from langmodels.ngrams import *


class StupidBackoff(StupidBackoff):
    def score(self, word, context=()):
        ngram = self.ngram(word, context)
        price = 1.0
        while len(ngram) > 1 and not self.counts[len(ngram) - 1][ngram]:
            ngram = ngram[1:]
            price *= self.alpha
        total = self.counts[len(ngram) - 2][ngram[:-1]] if len(ngram) > 1 else 0
        return price * self.counts[len(ngram) - 1][ngram] / (total or self.totals[()])
