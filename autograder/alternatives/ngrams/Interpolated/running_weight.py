"""Hands the weight of every order without evidence down to the next one that has some."""

from langmodels.ngrams import *


class Interpolated(Interpolated):
    def prob(self, word, context=()):
        ngram = self.ngram(word, context)
        probability = waiting = 0.0
        for order in range(self.order, 0, -1):
            waiting += self.weights[order]
            if order > len(ngram) or not self.totals[ngram[-order:-1]]:
                continue
            share = self.counts[order - 1][ngram[-order:]] / self.totals[ngram[-order:-1]]
            probability += waiting * share
            waiting = 0.0
        return probability + (waiting + self.weights[0]) / len(self.vocabulary)
