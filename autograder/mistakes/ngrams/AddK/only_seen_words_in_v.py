"""V is the number of words in the text, without <unk> and the unseen words of the vocabulary.

Smoothing is for the words that were not seen: they get k too, so they belong to V. If they are
left out, the probabilities of the whole vocabulary add up to more than 1.
"""

from langmodels.ngrams import *


class AddK(AddK):
    def prob(self, word, context=()):
        ngram = self.ngram(word, context)
        count = self.counts[len(ngram) - 1][ngram]
        return (count + self.k) / (self.totals[ngram[:-1]] + self.k * len(self.counts[0]))
