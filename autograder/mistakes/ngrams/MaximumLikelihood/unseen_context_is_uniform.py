"""After a context that was never seen every word gets 1/V.

That is a kind idea, and a first step to smoothing, but not the relative frequency: nothing was
counted there, and the answer is 0.0.
"""

from langmodels.ngrams import *


class MaximumLikelihood(MaximumLikelihood):
    def prob(self, word, context=()):
        ngram = self.ngram(word, context)
        total = self.totals[ngram[:-1]]
        if total == 0:
            return 1 / len(self.vocabulary)
        return self.counts[len(ngram) - 1][ngram] / total
