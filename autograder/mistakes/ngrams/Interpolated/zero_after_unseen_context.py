"""After a context that was never seen the component is 0.

The weight of that order is then lost, and the probabilities no longer sum to 1. An order that
knows nothing leaves its weight to the order below by repeating it.
"""

from langmodels.ngrams import *


class Interpolated(Interpolated):
    def components(self, word, context=()):
        ngram = self.ngram(word, context)
        parts = [1 / len(self.vocabulary)]
        for order in range(1, self.order + 1):
            recent = ngram[-order:]
            total = self.totals[recent[:-1]]
            if order <= len(ngram):
                parts.append(self.counts[order - 1][recent] / total if total else 0.0)
            else:
                parts.append(parts[-1])
        return parts
