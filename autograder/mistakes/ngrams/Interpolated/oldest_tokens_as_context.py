"""The lower orders look at the oldest tokens of the context instead of the latest.

A bigram is the word with its neighbour: the last token of the context. Cutting from the wrong
end pairs the word with a token further back, which for orders up to 2 makes no difference.
"""

from langmodels.ngrams import *


class Interpolated(Interpolated):
    def components(self, word, context=()):
        *recent, token = self.ngram(word, context)
        parts = [1 / len(self.vocabulary)]
        for order in range(1, self.order + 1):
            history = tuple(recent[: order - 1])
            total = self.totals[history]
            seen = order - 1 <= len(recent) and total > 0
            parts.append(self.counts[order - 1][(*history, token)] / total if seen else parts[-1])
        return parts
