"""A stored weight of 0 is read as 1.

`get(h) or 1.0` takes the 1.0 whenever the weight is false, and 0.0 is. A context whose stored
words have all the mass then hands out the same mass again.
"""

from langmodels.ngrams import *


class BackoffModel(BackoffModel):
    def prob(self, word, context=()):
        ngram = self.ngram(word, context)
        weight = 1.0
        while ngram not in self.probabilities:
            weight *= self.backoffs.get(ngram[:-1]) or 1.0
            ngram = ngram[1:]
        return weight * self.probabilities[ngram]
