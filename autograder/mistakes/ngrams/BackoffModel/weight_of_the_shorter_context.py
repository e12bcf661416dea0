"""The weight of h' is used where the weight of h is due.

γ(h) is what the words stored after h left over for the others, so it belongs to the context that
is given up, not to the one that is taken next.
"""

from langmodels.ngrams import *


class BackoffModel(BackoffModel):
    def prob(self, word, context=()):
        ngram = self.ngram(word, context)
        weight = 1.0
        while ngram not in self.probabilities:
            ngram = ngram[1:]
            weight *= self.backoffs.get(ngram[:-1], 1.0)
        return weight * self.probabilities[ngram]
