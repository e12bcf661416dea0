"""Right: polynomials of the text's bytes modulo a prime, one base for each row.

The bases and the factors come from generators with fixed seeds, so that every process draws the
same ones. Only counters that are not zero are stored.
"""

from langmodels.ngrams import *


class CountMinSketch(CountMinSketch):
    def __init__(self, width, depth):
        self.width = width
        prime = 2**61 - 1
        self.bases = [random.Random(row).randrange(2**32, prime) for row in range(depth)]
        self.counters = [{} for _ in range(depth)]

    def _columns(self, item):
        prime = 2**61 - 1
        for base in self.bases:
            value = 1
            for byte in item.encode():
                value = (value * base + byte + 1) % prime
            yield value * base % prime % self.width

    def add(self, item, count=1):
        for counters, column in zip(self.counters, self._columns(item), strict=True):
            counters[column] = counters.get(column, 0) + count

    def estimate(self, item):
        pairs = zip(self.counters, self._columns(item), strict=True)
        return min(counters.get(column, 0) for counters, column in pairs)
