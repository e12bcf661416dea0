"""The token next to the word is dropped instead of the oldest one.

The nearest tokens say most about the next word, so they are kept longest. Dropped from the
wrong end, "not like green" becomes "not green", a pair that never stood side by side.
"""

from langmodels.ngrams import *


class StupidBackoff(StupidBackoff):
    def score(self, word, context=()):
        *recent, token = self.ngram(word, context)
        price = 1.0
        while recent and not self.counts[len(recent)][(*recent, token)]:
            recent.pop()
            price *= self.alpha
        return price * self.counts[len(recent)][(*recent, token)] / self.totals[tuple(recent)]
