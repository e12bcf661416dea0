"""The rows use one checksum (CRC) with different start values.

A CRC is linear: another start changes the results of all texts of one length in the same way. If
two of them meet in one row and the width is a power of 2, they meet in every row.
"""

from langmodels.ngrams import *


class CountMinSketch(CountMinSketch):
    def _cells(self, item):
        from zlib import crc32

        depth, width = self.table.shape
        columns = [crc32(item.encode(), row) % width for row in range(depth)]
        return np.arange(depth), np.array(columns)
