"""The denominator is summed up anew over the whole vocabulary, and zero is an int."""

from langmodels.ngrams import *


class MaximumLikelihood(MaximumLikelihood):
    def prob(self, word, context=()):
        *recent, last = self.ngram(word, context)
        counts = self.counts[len(recent)]
        total = sum(counts[(*recent, other)] for other in self.vocabulary)
        try:
            return counts[(*recent, last)] / total
        except ZeroDivisionError:
            return 0
