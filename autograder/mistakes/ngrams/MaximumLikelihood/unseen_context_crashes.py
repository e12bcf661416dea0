"""After a context that was never seen it divides by zero.

New contexts are the rule in new text, not an accident. By this function's contract the answer
there is 0.0.
"""

from langmodels.ngrams import *


class MaximumLikelihood(MaximumLikelihood):
    def prob(self, word, context=()):
        ngram = self.ngram(word, context)
        return self.counts[len(ngram) - 1][ngram] / self.totals[ngram[:-1]]
