"""The counters are chosen by Python's hash(), which is salted anew in each process.

A sketch that is filled by one process and read by another looks at other counters and finds noise.
Use a function that depends on nothing but the text, such as those of hashlib or zlib.
"""

from langmodels.ngrams import *


class CountMinSketch(CountMinSketch):
    def _cells(self, item):
        depth, width = self.table.shape
        columns = [hash(f"{row} {item}") % width for row in range(depth)]
        return np.arange(depth), np.array(columns)
