"""New tokens are written from the first slot of their page on.

A page is filled over many steps: the slot is position % page, else every token replaces the one
before it.
"""

from langmodels.inference import *


class PagedCache(PagedCache):
    def update(self, layer, key, value):
        for b, count in enumerate(self.counts):
            for new in range(count):
                place = self.lengths[b] + new
                page = self.tables[b][place // self.page]
                self.keys[layer, page, :, new % self.page] = key[b, :, new]
                self.values[layer, page, :, new % self.page] = value[b, :, new]
        n_pages = max(map(len, self.tables))
        tables = torch.tensor([t + [0] * (n_pages - len(t)) for t in self.tables])
        return tuple(
            pool[layer][tables].transpose(1, 2).flatten(2, 3) for pool in (self.keys, self.values)
        )
