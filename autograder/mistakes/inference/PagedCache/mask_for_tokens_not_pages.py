"""The mask is as wide as the tokens, and what comes back as the pages.

update returns whole pages, so the mask must say something of every slot in them, the empty ones
of the last page too.
"""

from langmodels.inference import *


class PagedCache(PagedCache):
    def mask(self, n_new):
        mask = super().mask(n_new)
        return mask[..., : max(self.lengths) + n_new]
