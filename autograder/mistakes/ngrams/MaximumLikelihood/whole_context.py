"""A context longer than n-1 tokens is not cut.

No n-gram in the table is that long, so everything looks unseen and gets 0. Whoever asks passes all
that was written so far; the model takes from it what it can use.
"""

from langmodels.ngrams import *


class MaximumLikelihood(MaximumLikelihood):
    def prob(self, word, context=()):
        read = [t if t in self.vocabulary or t == BOS else UNK for t in [*context, word]]
        total = self.totals[tuple(read[:-1])]
        if total == 0 or len(read) > self.order:
            return 0.0
        return self.counts[len(read) - 1][tuple(read)] / total
