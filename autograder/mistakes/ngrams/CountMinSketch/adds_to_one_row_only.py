"""An item adds only to its smallest counter.

Then its other counters do not know about it, and the smallest of them may be too small. Every row
has to count every item.
"""

from langmodels.ngrams import *


class CountMinSketch(CountMinSketch):
    def add(self, item, count=1):
        rows, columns = self._cells(item)
        row = int(self.table[rows, columns].argmin())
        self.table[row, columns[row]] += count
