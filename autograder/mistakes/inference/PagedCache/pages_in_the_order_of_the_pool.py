"""A row's pages are read in the order of their numbers.

The table's order is that of the text. After pages have come back, later pages may have smaller
numbers, and the text would be read in another order than it was written.
"""

from langmodels.inference import *


class PagedCache(PagedCache):
    def update(self, layer, key, value):
        keys, values = super().update(layer, key, value)
        order = [sorted(range(len(t)), key=t.__getitem__) for t in self.tables]
        for b, pages in enumerate(order):
            slots = [p * self.page + n for p in pages for n in range(self.page)]
            keys[b, :, : len(slots)] = keys[b][:, slots]
            values[b, :, : len(slots)] = values[b][:, slots]
        return keys, values
