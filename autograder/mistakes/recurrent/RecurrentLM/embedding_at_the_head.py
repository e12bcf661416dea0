"""The scores are those of the last position everywhere.

Each position predicts its own next token, from what was read up to it.
"""

from langmodels.recurrent import *


class RecurrentLM(RecurrentLM):
    def read(self, tokens, state=None):
        outputs, last = self.layers(self.embedding(tokens), state)
        return self.head(outputs[:, -1:]).expand(-1, outputs.shape[1], -1), last
