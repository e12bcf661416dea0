"""It steps back only if the context is unseen, not if the n-gram is.

After a seen context an unseen word then scores 0, and that is what backing off is there to
prevent: "I am" was seen, "I am green" was not, so the score has to come from "am green".
"""

from langmodels.ngrams import *


class StupidBackoff(StupidBackoff):
    def score(self, word, context=()):
        ngram = self.ngram(word, context)
        price = 1.0
        while len(ngram) > 1 and not self.totals[ngram[:-1]]:
            ngram = ngram[1:]
            price *= self.alpha
        return price * self.counts[len(ngram) - 1][ngram] / self.totals[ngram[:-1]]
