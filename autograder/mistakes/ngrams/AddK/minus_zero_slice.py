"""For order 1 the whole context is kept, since context[-0:] is everything.

A slice from -(n-1) is the last n-1 tokens for n ≥ 2 only. A unigram model then asks for words
after contexts it never counted and takes every context for unseen.
"""

from langmodels.ngrams import *


class AddK(AddK):
    def prob(self, word, context=()):
        vocabulary = self.vocabulary
        recent = [
            token if token in vocabulary or token == BOS else UNK
            for token in context[-(self.order - 1) :]
        ]
        ngram = (*recent, word if word in vocabulary else UNK)
        count = self.counts[min(len(ngram), self.order) - 1][ngram]
        return (count + self.k) / (self.totals[ngram[:-1]] + self.k * len(vocabulary))
