"""α is paid once, however many tokens are dropped.

Each step back costs α: from a trigram to a single word are two steps and α². Paid once, a
single word scores as well as a bigram of the same frequency.
"""

from langmodels.ngrams import *


class StupidBackoff(StupidBackoff):
    def score(self, word, context=()):
        ngram = full = self.ngram(word, context)
        while len(ngram) > 1 and not self.counts[len(ngram) - 1][ngram]:
            ngram = ngram[1:]
        price = 1.0 if ngram == full else self.alpha
        return price * self.counts[len(ngram) - 1][ngram] / self.totals[ngram[:-1]]
