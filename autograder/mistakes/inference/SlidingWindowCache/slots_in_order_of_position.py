"""After the ring has gone round, its slots are taken to be in the order of positions.

Slot 0 holds the oldest token only now and then. Which position a slot holds follows from the
newest position and p % W, not from the slot's number.
"""

from langmodels.inference import *


class SlidingWindowCache(SlidingWindowCache):
    def mask(self, n_new):
        own = self.positions(n_new)[:, None, :, None]
        last = own[..., -1:, :] if n_new == 1 else own[..., :1, :] - 1
        slots = torch.arange(self._n_slots(n_new), device=self.device)
        held = (last - self.window + 1).clamp(min=0) + slots
        held = held.where(held <= last, -1)
        if n_new > 1:
            held = torch.cat([held, own.mT], dim=-1)
        return (held >= 0) & (held <= own) & (held > own - self.window)
