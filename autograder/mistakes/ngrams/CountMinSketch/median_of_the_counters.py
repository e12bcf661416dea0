"""The estimate is the median of the counters.

The median suits sketches whose errors go both ways (the count sketch). Here no counter is ever too
small, so the smallest is always the closest.
"""

from langmodels.ngrams import *


class CountMinSketch(CountMinSketch):
    def estimate(self, item):
        counters = sorted(self.table[self._cells(item)].tolist())
        return counters[len(counters) // 2]
