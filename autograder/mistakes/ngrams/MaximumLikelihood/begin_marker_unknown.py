"""<s> in the context is read as <unk>.

<s> is not in the vocabulary, because it is never predicted, but it is a context like any other.
Replaced by <unk>, the first word of each sentence is predicted from the wrong counts.
"""

from langmodels.ngrams import *


class MaximumLikelihood(MaximumLikelihood):
    def prob(self, word, context=()):
        recent = context[max(0, len(context) - self.order + 1) :]
        ngram = tuple(t if t in self.vocabulary else UNK for t in [*recent, word])
        total = self.totals[ngram[:-1]]
        return self.counts[len(ngram) - 1][ngram] / total if total else 0.0
