"""It cuts the context and maps unknown words itself, and tests for zero counts first."""

from langmodels.ngrams import *


class MaximumLikelihood(MaximumLikelihood):
    def prob(self, word, context=()):
        history = list(context)
        while len(history) >= self.order:
            del history[0]
        known = {*self.vocabulary, BOS}
        key = tuple(t if t in known else UNK for t in [*history, word])
        count = self.counts[len(history)].get(key, 0)
        return count / self.totals[key[:-1]] if count else 0.0
