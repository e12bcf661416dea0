"""The guess is not transformed.

Between the last layer and the embedding stand a linear layer, GELU and a norm.
"""

from langmodels.architectures import *


class BERTPretraining(BERTPretraining):
    def forward(self, tokens, segments=None, real=None):
        hidden = self.bert(tokens, segments, real)
        guess = hidden
        logits = guess @ self.bert.embedding.weight.T + self.token_bias
        return logits, self.next_sentence(self.bert.pool(hidden))
