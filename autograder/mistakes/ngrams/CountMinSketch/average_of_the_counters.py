"""The estimate is the average of the counters.

The errors all go in one direction, so they do not cancel: one crowded counter spoils the average,
while it leaves the minimum alone.
"""

from langmodels.ngrams import *


class CountMinSketch(CountMinSketch):
    def estimate(self, item):
        return int(self.table[self._cells(item)].mean())
