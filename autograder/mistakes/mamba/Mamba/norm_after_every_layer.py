"""The last norm is applied after every layer.

The stream between layers is not normed; each layer norms for itself what it reads.
"""

from langmodels.mamba import *


class Mamba(Mamba):
    def read(self, tokens, state=None):
        x, states = self.embedding(tokens), []
        for number, layer in enumerate(self.layers):
            x, after = layer(x, None if state is None else state[number])
            states.append(after)
            x = self.norm(x)
        return self.head(self.norm(x)), states
