"""The counters are chosen by Python's hash() of the pair (row, item).

That hash is salted anew in each process, so a sketch is of no use outside the one that made it.
And hash() of a tuple mixes little: items that meet in one row often meet in the others, too.
"""

from langmodels.ngrams import *


class CountMinSketch(CountMinSketch):
    def _cells(self, item):
        depth, width = self.table.shape
        columns = [hash((row, item)) % width for row in range(depth)]
        return np.arange(depth), np.array(columns)
