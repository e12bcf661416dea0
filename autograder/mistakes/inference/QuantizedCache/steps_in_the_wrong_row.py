"""The steps are written from the slot of the fullest row on.

Codes and steps of a token belong together, in rows of every length.
"""

from langmodels.inference import *


class QuantizedCache(QuantizedCache):
    def update(self, layer, key, value):
        super().update(layer, key, value)
        first, held = max(self.lengths), max(self.lengths) + key.shape[2]
        for x, steps in ((key, self.key_steps), (value, self.value_steps)):
            steps[layer, :, :, first:held] = quantize_int8(x)[1]
        return (
            self.keys[layer, :, :, :held] * self.key_steps[layer, :, :, :held],
            self.values[layer, :, :, :held] * self.value_steps[layer, :, :, :held],
        )
