"""A word that was never seen gets a share of 1/V instead of 0.

The backing off ends with single words; their relative frequency is the last answer, and it may
be 0. A floor of 1/V would be a smoothing of its own.
"""

from langmodels.ngrams import *


class StupidBackoff(StupidBackoff):
    def score(self, word, context=()):
        ngram = self.ngram(word, context)
        price = 1.0
        while ngram and not self.counts[len(ngram) - 1][ngram]:
            ngram = ngram[1:]
            price *= self.alpha
        if not ngram:
            return price / len(self.vocabulary)
        return price * self.counts[len(ngram) - 1][ngram] / self.totals[ngram[:-1]]
