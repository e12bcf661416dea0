"""Right: lists of ints, and SHA-256 of the row number and the text.

No numpy; the row number and a separator come before the text, so that no two rows hash alike.
"""

from langmodels.ngrams import *


class CountMinSketch(CountMinSketch):
    def __init__(self, width, depth):
        self.rows = [[0] * width for _ in range(depth)]

    def _column(self, row, item):
        from hashlib import sha256

        digest = sha256(f"{row}\x1f{item}".encode()).digest()
        return int.from_bytes(digest, "little") % len(self.rows[row])

    def add(self, item, count=1):
        for row, counters in enumerate(self.rows):
            counters[self._column(row, item)] += count

    def estimate(self, item):
        return min(counters[self._column(row, item)] for row, counters in enumerate(self.rows))
