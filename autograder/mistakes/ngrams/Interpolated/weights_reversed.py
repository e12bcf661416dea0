"""The first weight goes to the highest order instead of the uniform part.

λ_0 belongs to 1/V and λ_n to the longest context. The other way round the model trusts most
what says least; it still sums to 1, so only the values show it.
"""

from langmodels.ngrams import *


class Interpolated(Interpolated):
    def prob(self, word, context=()):
        parts = self.components(word, context)
        return sum(
            weight * part for weight, part in zip(self.weights, reversed(parts), strict=True)
        )
