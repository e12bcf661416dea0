"""Does not even write padding, and asks attention_mask where all rows are alike."""

from langmodels.attention import attention_mask
from langmodels.inference import *


class KVCache(KVCache):
    def mask(self, n_new):
        held, window = max(self.lengths) + n_new, self.config.window
        if len(set(self.lengths)) == 1:
            seen = attention_mask(n_new, held, causal=True, window=window).to(self.device)
            return None if n_new == 1 and seen.all() else seen
        rows = [
            torch.nn.functional.pad(
                attention_mask(n_new, length + n_new, causal=True, window=window),
                (0, held - length - n_new),
            )
            for length in self.lengths
        ]
        return torch.cat(rows).to(self.device)

    def update(self, layer, key, value):
        for row, (length, count) in enumerate(zip(self.lengths, self.counts, strict=True)):
            new = slice(length, length + count)
            self.keys[layer, row, :, new] = key[row, :, :count]
            self.values[layer, row, :, new] = value[row, :, :count]
        held = max(self.lengths) + key.shape[2]
        return self.keys[layer].narrow(2, 0, held), self.values[layer].narrow(2, 0, held)
