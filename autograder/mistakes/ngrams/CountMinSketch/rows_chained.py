"""Each row's counter is computed from the counter of the row before.

Once two items meet in a row they stay together in all rows that follow. Start every row from the
item itself.
"""

from langmodels.ngrams import *


class CountMinSketch(CountMinSketch):
    def _cells(self, item):
        depth, width = self.table.shape
        columns, text = [], item
        for _ in range(depth):
            digest = blake2b(text.encode()).digest()
            columns.append(int.from_bytes(digest[:8], "big") % width)
            text = str(columns[-1])
        return np.arange(depth), np.array(columns)
