"""A new tensor is made of the old and the new keys in every step.

That gives the right logits and costs a copy of the whole past for each token: n² bytes for n
tokens. The room is there already, so write into it.
"""

from langmodels.inference import *


class KVCache(KVCache):
    def update(self, layer, key, value):
        keys, values = super().update(layer, key, value)
        return torch.cat([keys]), torch.cat([values])
