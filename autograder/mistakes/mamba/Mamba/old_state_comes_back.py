"""The state that went in comes back.

It has not read the new tokens. After the first call there is none at all.
"""

from langmodels.mamba import *


class Mamba(Mamba):
    def read(self, tokens, state=None):
        x, states = self.embedding(tokens), []
        for number, layer in enumerate(self.layers):
            x, after = layer(x, None if state is None else state[number])
            states.append(after if state is None else state[number])
        return self.head(self.norm(x)), states
