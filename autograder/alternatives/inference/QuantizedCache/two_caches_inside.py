"""Two caches of one kind, one for codes and one for steps, which share this one's memory."""

from langmodels.inference import *


class QuantizedCache(QuantizedCache):
    def _part(self, keys, values):
        part = object.__new__(KVCache)
        vars(part).update(vars(self), keys=keys, values=values)
        return part

    def update(self, layer, key, value):
        codes = self._part(self.keys, self.values)
        steps = self._part(self.key_steps, self.value_steps)
        of_keys, of_values = quantize_int8(key), quantize_int8(value)
        key_codes, value_codes = codes.update(layer, of_keys[0], of_values[0])
        key_steps, value_steps = steps.update(layer, of_keys[1], of_values[1])
        return torch.mul(key_codes, key_steps), torch.mul(value_codes, value_steps)
