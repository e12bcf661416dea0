"""Every item is kept in a dict.

The counts are exact, but the memory grows with the number of different items. A sketch is for
those streams where that dict would not fit.
"""

from langmodels.ngrams import *


class CountMinSketch(CountMinSketch):
    def __init__(self, width, depth):
        self.counts = Counter()

    def add(self, item, count=1):
        self.counts[item] += count

    def estimate(self, item):
        return self.counts[item]
