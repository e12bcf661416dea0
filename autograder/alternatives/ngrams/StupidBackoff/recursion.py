"""Calls itself with the shorter context, as the formula does."""

from langmodels.ngrams import *


class StupidBackoff(StupidBackoff):
    def score(self, word, context=()):
        ngram = self.ngram(word, context)
        count = self.counts[len(ngram) - 1].get(ngram, 0)
        if count or len(ngram) == 1:
            return count / self.totals[ngram[:-1]]
        return self.alpha * self.score(word, ngram[1:-1])
