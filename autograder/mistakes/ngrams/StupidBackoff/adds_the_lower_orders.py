"""The lower orders are added although the n-gram was seen.

That is interpolation. Backing off asks a shorter context only if the longer one has no answer;
it is cheaper, which is why it was made for web-scale counts.
"""

from langmodels.ngrams import *


class StupidBackoff(StupidBackoff):
    def score(self, word, context=()):
        ngram = self.ngram(word, context)
        score, price = 0.0, 1.0
        while ngram:
            total = self.totals[ngram[:-1]]
            if total:
                score += price * self.counts[len(ngram) - 1][ngram] / total
            ngram = ngram[1:]
            price *= self.alpha
        return score
