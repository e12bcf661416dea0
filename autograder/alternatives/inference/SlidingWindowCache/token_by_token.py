"""Writes token by token, and keeps for each slot the position that it holds."""

from langmodels.inference import *


class SlidingWindowCache(SlidingWindowCache):
    def _places(self, row):
        """The position that each slot of a row holds before the call, None for an empty one."""
        length, window = self.lengths[row], self.window
        held = [None] * window
        for position in range(max(0, length - window), length):
            held[position % window] = position
        return held

    def mask(self, n_new):
        n_rows, window = len(self.lengths), self.window
        in_use = min(max(self.lengths) + (n_new == 1), window)
        mask = torch.zeros(n_rows, 1, n_new, in_use + n_new * (n_new > 1), dtype=torch.bool)
        for row, length in enumerate(self.lengths):
            held = self._places(row)
            if n_new == 1:
                held[length % window] = length
            held = held[:in_use]
            if n_new > 1:
                held += range(length, length + n_new)
            for new in range(n_new):
                for slot, position in enumerate(held):
                    age = -1 if position is None else length + new - position
                    mask[row, 0, new, slot] = 0 <= age < window
        return mask

    def update(self, layer, key, value):
        n_new = key.shape[2]
        in_use = min(max(self.lengths) + (n_new == 1), self.window)
        memories = (self.keys[layer], key), (self.values[layer], value)
        before = [torch.cat([m[:, :, :in_use], new], dim=2) for m, new in memories]
        for row, (length, count) in enumerate(zip(self.lengths, self.counts, strict=True)):
            for new in range(count):
                for memory, tensor in memories:
                    memory[row, :, (length + new) % self.window] = tensor[row, :, new]
        if n_new > 1:
            return tuple(before)
        return self.keys[layer][:, :, :in_use], self.values[layer][:, :, :in_use]
