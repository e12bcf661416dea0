"""Where there are too few tokens of context the component is 0.

The first words of a sentence have a short context under a trigram model. They would lose the
whole weight of the higher orders; these have to repeat the order below instead.
"""

from langmodels.ngrams import *


class Interpolated(Interpolated):
    def components(self, word, context=()):
        ngram = self.ngram(word, context)
        parts = [1 / len(self.vocabulary)]
        for order in range(1, len(ngram) + 1):
            recent = ngram[-order:]
            total = self.totals[recent[:-1]]
            parts.append(self.counts[order - 1][recent] / total if total else parts[-1])
        return parts + [0.0] * (self.order - len(ngram))
