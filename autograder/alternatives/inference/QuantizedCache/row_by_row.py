"""Writes codes and steps row by row, without the parent's update."""

from langmodels.inference import *


class QuantizedCache(QuantizedCache):
    def update(self, layer, key, value):
        n_new, result = key.shape[2], []
        for x, codes, steps in (
            (key, self.keys[layer], self.key_steps[layer]),
            (value, self.values[layer], self.value_steps[layer]),
        ):
            for row, length in enumerate(self.lengths):
                new = slice(length, length + n_new)
                codes[row, :, new], steps[row, :, new] = quantize_int8(x[row])
            held = max(self.lengths) + n_new
            result.append(codes[:, :, :held].to(x.dtype) * steps[:, :, :held])
        return tuple(result)
