"""<s> is counted as a word of the vocabulary.

<s> is only ever looked back at and never predicted. With it in V a share k of every context
goes to an event that cannot happen, and the rest adds up to less than 1.
"""

from langmodels.ngrams import *


class AddK(AddK):
    def prob(self, word, context=()):
        ngram = self.ngram(word, context)
        count = self.counts[len(ngram) - 1][ngram]
        return (count + self.k) / (self.totals[ngram[:-1]] + self.k * (len(self.vocabulary) + 1))
