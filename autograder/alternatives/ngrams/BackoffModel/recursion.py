"""Right: the definition as a recursive function.

Each call drops the oldest token of the context and multiplies what it gets by the weight.
"""

from langmodels.ngrams import *


class BackoffModel(BackoffModel):
    def prob(self, word, context=()):
        def lookup(ngram):
            if ngram in self.probabilities:
                return self.probabilities[ngram]
            return self.backoffs.get(ngram[:-1], 1) * lookup(ngram[1:])

        return lookup(self.ngram(word, context))
