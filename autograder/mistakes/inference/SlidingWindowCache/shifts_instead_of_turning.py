"""The kept keys are shifted to the left in every step.

That keeps them in order, at the price of copying the whole window for each token; and they are
not where p % W says. A ring moves nothing.
"""

from langmodels.inference import *


class SlidingWindowCache(SlidingWindowCache):
    def update(self, layer, key, value):
        result = super().update(layer, key, value)
        for b, count in enumerate(self.counts):
            end = self.lengths[b] + count
            kept = [p % self.window for p in range(max(0, end - self.window), end)]
            for memory in (self.keys[layer], self.values[layer]):
                memory[b, :, : len(kept)] = memory[b][:, kept]
        return result
