"""One is added to every count.

That is Laplace smoothing, the next model of the chapter. Relative frequencies leave unseen pairs at
0, which is their weakness, and what smoothing is then measured against.
"""

from langmodels.ngrams import *


class MaximumLikelihood(MaximumLikelihood):
    def prob(self, word, context=()):
        ngram = self.ngram(word, context)
        count = self.counts[len(ngram) - 1][ngram]
        return (count + 1) / (self.totals[ngram[:-1]] + len(self.vocabulary))
