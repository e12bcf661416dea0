"""A row gets the next page when its last one is full, not when it is needed.

length // page + 1 is one too many where the tokens just fill their pages. A page that waits for a
token that may never come is what paging is to avoid.
"""

from langmodels.inference import *


class PagedCache(PagedCache):
    def reserve(self, n_new):
        missing = [
            (length + count) // self.page + 1 - len(table)
            for length, count, table in zip(self.lengths, self.counts, self.tables, strict=True)
        ]
        if sum(missing) > len(self.free):
            raise ValueError(f"{sum(missing)} pages are needed, {len(self.free)} are free")
        for table, n_pages in zip(self.tables, missing, strict=True):
            table += [self.free.pop() for _ in range(n_pages)]
