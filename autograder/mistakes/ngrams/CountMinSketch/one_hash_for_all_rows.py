"""All rows use the same hash function.

Items that share a counter in one row then share one in every row, and the smallest of the rows is
no better than any of them. Depth only helps if the rows err independently.
"""

from langmodels.ngrams import *


class CountMinSketch(CountMinSketch):
    def _cells(self, item):
        depth, width = self.table.shape
        columns = [
            int.from_bytes(blake2b(item.encode()).digest()[:8], "big") % width
            for row in range(depth)
        ]
        return np.arange(depth), np.array(columns)
