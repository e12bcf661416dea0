"""Only the first eight bytes of the text choose the counter.

N-grams that begin alike, as thousands do, then share all their counters. Hash the whole text.
"""

from langmodels.ngrams import *


class CountMinSketch(CountMinSketch):
    def _cells(self, item):
        depth, width = self.table.shape
        start = int.from_bytes(item.encode()[:8], "big")
        hashes = [blake2b(f"{row} {start}".encode()).digest() for row in range(depth)]
        return np.arange(depth), np.array([int.from_bytes(h[:8], "big") % width for h in hashes])
