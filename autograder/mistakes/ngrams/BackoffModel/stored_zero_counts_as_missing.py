"""A stored probability of 0 is treated as if the n-gram were not stored.

0.0 is false in Python, but it is an answer: the table says that this word never comes here. Ask
whether the key is in the table, not whether its value is true.
"""

from langmodels.ngrams import *


class BackoffModel(BackoffModel):
    def prob(self, word, context=()):
        ngram = self.ngram(word, context)
        weight = 1.0
        while len(ngram) > 1 and not self.probabilities.get(ngram):
            weight *= self.backoffs.get(ngram[:-1], 1.0)
            ngram = ngram[1:]
        return weight * self.probabilities[ngram]
