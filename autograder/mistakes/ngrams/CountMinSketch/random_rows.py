"""Each sketch draws the seeds of its rows anew.

Two sketches of one size then count in different places: they cannot be compared or added up, and
a sketch that is loaded in another process is useless. Fix the seeds, for instance the row number.
"""

from langmodels.ngrams import *


class CountMinSketch(CountMinSketch):
    def __init__(self, width, depth):
        super().__init__(width, depth)
        self.seeds = [random.randbytes(8) for _ in range(depth)]

    def _cells(self, item):
        depth, width = self.table.shape
        hashes = [blake2b(item.encode(), salt=seed).digest() for seed in self.seeds]
        return np.arange(depth), np.array([int.from_bytes(h[:8], "big") % width for h in hashes])
