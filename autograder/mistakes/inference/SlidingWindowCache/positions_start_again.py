"""Positions go back to 0 when the ring does.

The slot goes round, the position does not. Keys in the ring were turned by the angle of their
position in the text; a query that starts again at 0 has wrong distances to all of them.
"""

from langmodels.inference import *


class SlidingWindowCache(SlidingWindowCache):
    def start(self, n_new, counts=None):
        positions, mask = super().start(n_new, counts)
        return positions % (2 * self.window), mask
