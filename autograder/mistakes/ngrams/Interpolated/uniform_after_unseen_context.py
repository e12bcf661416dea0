"""After a context that was never seen the component is uniform.

It sums to 1, but throws away what shorter contexts know. An unseen trigram context says nothing
against the bigram: the component is the one of the order below, not the one of order 0.
"""

from langmodels.ngrams import *


class Interpolated(Interpolated):
    def components(self, word, context=()):
        ngram = self.ngram(word, context)
        uniform = 1 / len(self.vocabulary)
        parts = [uniform]
        for order in range(1, self.order + 1):
            recent = ngram[-order:]
            total = self.totals[recent[:-1]]
            seen = order <= len(ngram) and total > 0
            parts.append(self.counts[order - 1][recent] / total if seen else uniform)
        return parts
