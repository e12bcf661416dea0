"""The denominator is the count of the context as an n-gram, which is missing for <s>.

c(h) and the sum of c(h v) over all v agree in the middle of a sentence. But the bare <s> is not
counted, so every word at the beginning of a sentence gets probability 0. Use the totals.

See: ngrams#eq-mle
"""

from langmodels.ngrams import *


class MaximumLikelihood(MaximumLikelihood):
    def prob(self, word, context=()):
        ngram = self.ngram(word, context)
        if len(ngram) == 1:
            return self.counts[0][ngram] / self.counts[0].total()
        total = self.counts[len(ngram) - 2][ngram[:-1]]
        return self.counts[len(ngram) - 1][ngram] / total if total else 0.0
