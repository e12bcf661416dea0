"""A context that is shorter than n-1 tokens is charged for the tokens it never had.

α is the price of dropping a token because the n-gram was not seen. The first word of a sentence
has one token of context and drops none.
"""

from langmodels.ngrams import *


class StupidBackoff(StupidBackoff):
    def score(self, word, context=()):
        ngram = self.ngram(word, context)
        while len(ngram) > 1 and not self.counts[len(ngram) - 1][ngram]:
            ngram = ngram[1:]
        price = self.alpha ** (self.order - len(ngram))
        return price * self.counts[len(ngram) - 1][ngram] / self.totals[ngram[:-1]]
