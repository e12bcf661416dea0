"""Each call adds 1, whatever `count` says.

Counts that are known already, such as those of a Counter, are added in one step. Ignoring them
makes the estimate too small, the one thing that a sketch promises never to do.
"""

from langmodels.ngrams import *


class CountMinSketch(CountMinSketch):
    def add(self, item, count=1):
        self.table[self._cells(item)] += 1
