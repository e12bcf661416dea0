"""The rows before the one that gets too little keep the pages that they were given.

The call as a whole is refused, so nobody feeds these tokens. Their pages are lost until the rows
end. Count first, then hand out.
"""

from langmodels.inference import *


class PagedCache(PagedCache):
    def reserve(self, n_new):
        for b, count in enumerate(self.counts):
            while len(self.tables[b]) * self.page < self.lengths[b] + count:
                if not self.free:
                    raise ValueError("no page is free")
                self.tables[b].append(self.free.pop())
