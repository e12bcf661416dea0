"""Builds each component from the one below by recursion; the mixture is a dot product."""

from langmodels.ngrams import *


class Interpolated(Interpolated):
    def components(self, word, context=()):
        ngram = self.ngram(word, context)

        def up_to(order):
            if order == 0:
                return (1 / len(self.vocabulary),)
            below = up_to(order - 1)
            total = self.totals.get(ngram[-order:-1], 0) if order <= len(ngram) else 0
            if not total:
                return (*below, below[-1])
            return (*below, self.counts[order - 1].get(ngram[-order:], 0) / total)

        return up_to(self.order)

    def prob(self, word, context=()):
        return float(np.dot(self.weights, self.components(word, context)))
