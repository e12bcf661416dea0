"""The text is read from the right.

A model that has read what comes next cannot predict it.
"""

from langmodels.recurrent import *


class RecurrentLM(RecurrentLM):
    def read(self, tokens, state=None):
        outputs, last = self.layers(self.embedding(tokens.flip(1)), state)
        return self.head(outputs), last
