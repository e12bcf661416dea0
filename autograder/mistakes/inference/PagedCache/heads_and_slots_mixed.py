"""The pool's axes are flattened as they stand.

In the pool a page comes before the heads, and what is due has the heads before all slots. A
reshape without swapping them puts one head's keys into another's place.
"""

from langmodels.inference import *


class PagedCache(PagedCache):
    def update(self, layer, key, value):
        keys, values = super().update(layer, key, value)
        n_pages = keys.shape[2] // self.page

        def as_they_stand(x):
            pages = x.unflatten(2, (n_pages, self.page)).transpose(1, 2)
            return pages.reshape(x.shape)

        return as_they_stand(keys), as_they_stand(values)
