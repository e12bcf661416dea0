"""After a context that was never seen it uses a shorter one.

That is backing off, which comes later in the chapter and needs care to stay a distribution.
Relative frequencies look at the one context they are asked about.
"""

from langmodels.ngrams import *


class MaximumLikelihood(MaximumLikelihood):
    def prob(self, word, context=()):
        ngram = self.ngram(word, context)
        while len(ngram) > 1 and self.totals[ngram[:-1]] == 0:
            ngram = ngram[1:]
        return self.counts[len(ngram) - 1][ngram] / self.totals[ngram[:-1]]
