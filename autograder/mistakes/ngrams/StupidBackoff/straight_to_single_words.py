"""From an unseen n-gram it goes straight to the single word.

In between lie all the shorter contexts. If "do like green" is new, "like green" may well be
known and says far more about "green" than how frequent it is.
"""

from langmodels.ngrams import *


class StupidBackoff(StupidBackoff):
    def score(self, word, context=()):
        ngram = self.ngram(word, context)
        count = self.counts[len(ngram) - 1][ngram]
        if count:
            return count / self.totals[ngram[:-1]]
        price = self.alpha ** (len(ngram) - 1)
        return price * self.counts[0][ngram[-1:]] / self.totals[()]
