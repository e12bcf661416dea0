"""Padding gets pages too.

Only the first counts[b] of a row's new tokens are real. In a batch with one long prompt every
short one would get as many pages as it.
"""

from langmodels.inference import *


class PagedCache(PagedCache):
    def reserve(self, n_new):
        missing = [
            max(-(-(length + n_new) // self.page) - len(table), 0)
            for length, table in zip(self.lengths, self.tables, strict=True)
        ]
        if sum(missing) > len(self.free):
            raise ValueError(f"{sum(missing)} pages are needed, {len(self.free)} are free")
        for table, n_pages in zip(self.tables, missing, strict=True):
            table += [self.free.pop() for _ in range(n_pages)]
