"""The count is divided by the number of all n-grams, not of those with the same context.

That is the joint probability P(context, word). What comes next is a conditional probability: of
the times that the context occurred, how often was this word next?

See: ngrams#eq-mle
"""

from langmodels.ngrams import *


class MaximumLikelihood(MaximumLikelihood):
    def prob(self, word, context=()):
        ngram = self.ngram(word, context)
        counts = self.counts[len(ngram) - 1]
        return counts[ngram] / counts.total()
