"""Writes with scatter_, and shifts the past's mask by each row's length."""

from langmodels.inference import *


class KVCache(KVCache):
    def mask(self, n_new):
        longest, window = max(self.lengths), self.config.window
        lengths = torch.tensor(self.lengths, device=self.device).view(-1, 1, 1, 1)
        new = torch.arange(n_new, device=self.device)[:, None]
        slots = torch.arange(longest + n_new, device=self.device)
        age = lengths + new - slots
        seen = (age >= 0) & (age < (window or longest + n_new + 1))
        nothing_hidden = n_new == 1 and len(set(self.lengths)) == 1 and bool(seen.all())
        return None if nothing_hidden else seen

    def update(self, layer, key, value):
        place = self.positions(key.shape[2])[:, None, :, None].expand(key.shape)
        self.keys[layer].scatter_(2, place, key)
        self.values[layer].scatter_(2, place, value)
        held = slice(0, max(self.lengths) + key.shape[2])
        return self.keys[layer][..., held, :], self.values[layer][..., held, :]
