"""Slots that were never written are not hidden.

As long as a row is shorter than the window some of its slots are empty. Their keys of zeros have
scores of 0, and take a share of the softmax.
"""

from langmodels.inference import *


class SlidingWindowCache(SlidingWindowCache):
    def mask(self, n_new):
        own = self.positions(n_new)[:, None, :, None]
        last = own[..., -1:, :] if n_new == 1 else own[..., :1, :] - 1
        slots = torch.arange(self._n_slots(n_new), device=self.device)
        held = last - (last - slots) % self.window
        if n_new > 1:
            held = torch.cat([held, own.mT], dim=-1)
        return (held <= own) & (held > own - self.window)
