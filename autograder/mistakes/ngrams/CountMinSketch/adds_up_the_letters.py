"""The hash function adds up the codes of the letters.

"a b" and "b a" have the same letters, and most sums fall into a narrow range, so that many items
share few counters. A hash function has to mix: every letter and its place must matter.
"""

from langmodels.ngrams import *


class CountMinSketch(CountMinSketch):
    def _cells(self, item):
        depth, width = self.table.shape
        total = sum(map(ord, item))
        return np.arange(depth), np.array([total * (2 * row + 1) % width for row in range(depth)])
