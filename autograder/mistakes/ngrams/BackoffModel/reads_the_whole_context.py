"""The context is not cut to the last n-1 tokens.

A model of order n looks back n-1 tokens, however much text there is. Longer keys may be in the
table of another model, or have weights there, and then the answer depends on what it must not see.
"""

from langmodels.ngrams import *


class BackoffModel(BackoffModel):
    def prob(self, word, context=()):
        known = self.vocabulary
        tokens = [token if token in known or token == BOS else UNK for token in context]
        ngram = (*tokens, word if word in known else UNK)
        weight = 1.0
        while ngram not in self.probabilities:
            weight *= self.backoffs.get(ngram[:-1], 1.0)
            ngram = ngram[1:]
        return weight * self.probabilities[ngram]
