"""Right: two hash values h and g, and h + row·g for the rows.

Kirsch and Mitzenmacher (2006) showed that this serves as well as independent functions. g is odd
and both have 64 bits, so that rows rarely agree by accident.
"""

from langmodels.ngrams import *


class CountMinSketch(CountMinSketch):
    def __init__(self, width, depth):
        self.width, self.depth = width, depth
        self.counters = np.zeros(width * depth, dtype=np.uint64)

    def _indices(self, item):
        digest = blake2b(item.encode("utf-8"), digest_size=16).digest()
        h, g = int.from_bytes(digest[:8], "big"), int.from_bytes(digest[8:], "big") | 1
        mixed = [(h + row * g) >> 7 for row in range(self.depth)]
        return [row * self.width + value % self.width for row, value in enumerate(mixed)]

    def add(self, item, count=1):
        for index in self._indices(item):
            self.counters[index] += np.uint64(count)

    def estimate(self, item):
        return min(int(self.counters[index]) for index in self._indices(item))
