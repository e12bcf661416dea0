"""The count is always looked up among the n-grams of the highest order.

With less context than n-1 tokens, as for the first word of a sentence under a trigram model, the
n-gram is shorter than n and stands in the table of its own length. In the longest one it is
never found, and its count looks like 0.
"""

from langmodels.ngrams import *


class AddK(AddK):
    def prob(self, word, context=()):
        ngram = self.ngram(word, context)
        count = self.counts[-1][ngram]
        return (count + self.k) / (self.totals[ngram[:-1]] + self.k * len(self.vocabulary))
