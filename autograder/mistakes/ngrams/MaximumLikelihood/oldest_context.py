"""It looks at the first n-1 tokens of the context instead of the last.

The context runs from the oldest token to the newest. A word is predicted by its neighbours, and
these stand at the end.
"""

from langmodels.ngrams import *


class MaximumLikelihood(MaximumLikelihood):
    def prob(self, word, context=()):
        ngram = self.ngram(word, context[: self.order - 1])
        total = self.totals[ngram[:-1]]
        return self.counts[len(ngram) - 1][ngram] / total if total else 0.0
