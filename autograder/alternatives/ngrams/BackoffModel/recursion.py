"""Right: the definition as a recursive function.

Each call drops the oldest token of the context and multiplies what it gets by the weight.
"""

from langmodels.ngrams import *


class BackoffModel(BackoffModel):
    def prob(self, word, context=()):
        def lookup(ngram):
            if ngram in self.probabilities:
                return self.probabilities[ngram]
            context = ngram[:-1]
            weight = self.backoffs[context] if context in self.backoffs else 1
            return weight * lookup(ngram[1:])

        return lookup(self.ngram(word, context))
