"""One layer, then the rest."""

from langmodels.mamba import *


class Mamba(Mamba):
    def read(self, tokens, state=None):
        def rest(x, number):
            if number == len(self.layers):
                return self.head(self.norm(x)), []
            before = state[number] if state is not None else None
            x, own = self.layers[number](x, before)
            logits, others = rest(x, number + 1)
            return logits, [own, *others]

        return rest(self.embedding(tokens), 0)
