"""Seen n-grams pay a factor of 1 - α.

It looks as if the price of backing off had to be saved somewhere, as in a true distribution.
Stupid backoff does not try: what was seen keeps its relative frequency, and scores do not sum to 1.
"""

from langmodels.ngrams import *


class StupidBackoff(StupidBackoff):
    def score(self, word, context=()):
        ngram = self.ngram(word, context)
        price = 1.0
        while len(ngram) > 1 and not self.counts[len(ngram) - 1][ngram]:
            ngram = ngram[1:]
            price *= self.alpha
        if len(ngram) > 1:
            price *= 1 - self.alpha
        return price * self.counts[len(ngram) - 1][ngram] / self.totals[ngram[:-1]]
