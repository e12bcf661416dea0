"""If the n-gram is not stored it goes straight to the single word.

Backing off drops one token of context at a time. Of an order-3 model that skips the bigrams,
everything between "seen exactly like this" and "no idea" is lost.
"""

from langmodels.ngrams import *


class BackoffModel(BackoffModel):
    def prob(self, word, context=()):
        ngram = self.ngram(word, context)
        if ngram in self.probabilities:
            return self.probabilities[ngram]
        return self.backoffs.get(ngram[:-1], 1.0) * self.probabilities[ngram[-1:]]
