"""V is the number of different words seen after this context.

Any word of the vocabulary may follow, and each gets k. Dividing by the seen followers only
normalises their share; the unseen words then come on top of a sum that is already 1.
"""

from langmodels.ngrams import *


class AddK(AddK):
    def prob(self, word, context=()):
        ngram = self.ngram(word, context)
        table = self.counts[len(ngram) - 1]
        followers = sum(1 for other in table if other[:-1] == ngram[:-1]) or len(self.vocabulary)
        return (table[ngram] + self.k) / (self.totals[ngram[:-1]] + self.k * followers)
