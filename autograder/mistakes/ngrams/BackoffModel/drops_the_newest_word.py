"""Backing off drops the newest token of the context and keeps the oldest.

After "a cup of" the model should ask what follows "cup of", then "of". The oldest token says least
about the next word, so it goes first.
"""

from langmodels.ngrams import *


class BackoffModel(BackoffModel):
    def prob(self, word, context=()):
        ngram = self.ngram(word, context)
        weight = 1.0
        while ngram not in self.probabilities:
            weight *= self.backoffs.get(ngram[:-1], 1.0)
            ngram = (*ngram[:-2], ngram[-1])
        return weight * self.probabilities[ngram]
