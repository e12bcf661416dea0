"""The estimate is the largest counter instead of the smallest.

All counters of an item are too large or right, never too small. So the smallest is the best guess,
and the largest is the one with the most strangers in it.
"""

from langmodels.ngrams import *


class CountMinSketch(CountMinSketch):
    def estimate(self, item):
        return int(self.table[self._cells(item)].max())
