"""The components are listed from the highest order down.

The list starts with the uniform part, as the weights do. The mixture hides the mix-up if both
are turned round, but whoever fits weights to these columns gets them in the wrong order.
"""

from langmodels.ngrams import *

_right_way_round = Interpolated.components


class Interpolated(Interpolated):
    def components(self, word, context=()):
        return _right_way_round(self, word, context)[::-1]

    def prob(self, word, context=()):
        parts = self.components(word, context)
        return sum(
            weight * part for weight, part in zip(self.weights, reversed(parts), strict=True)
        )
