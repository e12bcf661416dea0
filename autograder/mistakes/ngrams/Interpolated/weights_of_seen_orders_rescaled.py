"""Orders without a seen context are left out and the other weights scaled up.

That also sums to 1, but shares the free weight among all lower orders, the uniform one
included. Here it goes to the next order below, which knows most of them.
"""

from langmodels.ngrams import *


class Interpolated(Interpolated):
    def prob(self, word, context=()):
        ngram = self.ngram(word, context)
        parts = self.components(word, context)
        seen = [0] + [
            order
            for order in range(1, self.order + 1)
            if order <= len(ngram) and self.totals[ngram[-order:-1]]
        ]
        total = sum(self.weights[m] for m in seen)
        return sum(self.weights[m] * parts[m] for m in seen) / total
