"""After a context that was never seen the answer is 0.

That guard belongs to relative frequencies, where the division would be 0/0. Here k V stands in
the denominator: the formula itself gives 1/V, and no sentence becomes impossible.
"""

from langmodels.ngrams import *


class AddK(AddK):
    def prob(self, word, context=()):
        ngram = self.ngram(word, context)
        total = self.totals[ngram[:-1]]
        if not total:
            return 0.0
        count = self.counts[len(ngram) - 1][ngram]
        return (count + self.k) / (total + self.k * len(self.vocabulary))
