"""A model of order 1 does not drop the context.

context[-0:] is not the empty end of the list but the whole list, since -0 is 0. So the slice
context[-(n - 1):] is right for every n except 1.
"""

from langmodels.ngrams import *


class MaximumLikelihood(MaximumLikelihood):
    def prob(self, word, context=()):
        recent = context[-(self.order - 1) :]
        read = tuple(t if t in self.vocabulary or t == BOS else UNK for t in [*recent, word])
        total = self.totals[read[:-1]]
        return self.counts[len(read) - 1][read] / total if total else 0.0
