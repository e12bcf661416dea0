"""The counters have 16 bits and start again at 0.

Frequent n-grams pass 65,535 soon. A counter that overflows makes the estimates of all its items
too small, without any error.
"""

from langmodels.ngrams import *


class CountMinSketch(CountMinSketch):
    def __init__(self, width, depth):
        self.table = np.zeros((depth, width), dtype=np.uint16)

    def add(self, item, count=1):
        self.table[self._cells(item)] += np.uint16(count % 2**16)
