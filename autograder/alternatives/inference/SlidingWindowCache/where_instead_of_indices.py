"""Chooses for every slot which token it holds afterwards, and takes it with gather."""

from langmodels.inference import *


class SlidingWindowCache(SlidingWindowCache):
    def _held(self, lengths):
        """The newest position below a row's length that falls into each slot; < 0 for none."""
        slots = torch.arange(self.window)
        newest = torch.tensor(lengths)[:, None] - 1
        return newest - torch.remainder(newest - slots, self.window)

    def mask(self, n_new):
        in_use = min(max(self.lengths) + (n_new == 1), self.window)
        held = self._held([n + (n_new == 1) for n in self.lengths])[:, :in_use]
        own = self.positions(n_new)
        if n_new > 1:
            held = torch.cat([held, own], dim=1)
        age = own[:, None, :, None] - held[:, None, None, :]
        return (age >= 0) & (age < self.window) & (held >= 0)[:, None, None, :]

    def update(self, layer, key, value):
        n_new = key.shape[2]
        in_use = min(max(self.lengths) + (n_new == 1), self.window)
        ends = [n + c for n, c in zip(self.lengths, self.counts, strict=True)]
        new = self._held(ends) - torch.tensor(self.lengths)[:, None]
        is_new = (new >= 0)[:, None, :, None]
        place = new.clamp(0, n_new - 1)[:, None, :, None].expand(-1, key.shape[1], -1, key.shape[3])
        result = []
        for memory, tensor in ((self.keys, key), (self.values, value)):
            before = memory[layer].clone()
            memory[layer] = torch.where(is_new, tensor.gather(2, place), before)
            if n_new == 1:
                result.append(memory[layer][:, :, :in_use])
            else:
                result.append(torch.cat([before[:, :, :in_use], tensor], dim=2))
        return tuple(result)
