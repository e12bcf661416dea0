"""The uniform part λ_0/V is left out of the mixture.

It is small, but it is all that a word gets which was never seen. Without it such words have
probability 0, and the sum over the vocabulary is 1 - λ_0.
"""

from langmodels.ngrams import *


class Interpolated(Interpolated):
    def prob(self, word, context=()):
        parts = self.components(word, context)
        return sum(w * p for w, p in zip(self.weights[1:], parts[1:], strict=True))
