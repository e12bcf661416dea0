"""There is no mask.

The last page of a row is rarely full, and rows with fewer pages get others' in the place of what
they lack. None of that may be seen.
"""

from langmodels.inference import *


class PagedCache(PagedCache):
    def mask(self, n_new):
        n_slots = max(map(len, self.tables)) * self.page
        return torch.ones(len(self.lengths), 1, n_new, n_slots, dtype=torch.bool)
