"""Right: find the longest stored n-gram first, then add the logarithms of the weights.

The weights are those of all contexts longer than the one that was found. Zeros are looked after
apart, since they have no logarithm.
"""

from langmodels.ngrams import *


class BackoffModel(BackoffModel):
    def prob(self, word, context=()):
        ngram = self.ngram(word, context)
        start = next(i for i in range(len(ngram)) if ngram[i:] in self.probabilities)
        factors = [self.backoffs.get(ngram[i:-1], 1.0) for i in range(start)]
        factors.append(self.probabilities[ngram[start:]])
        if 0 in factors:
            return 0.0
        return math.exp(math.fsum(map(math.log, factors)))
