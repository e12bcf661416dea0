"""The bias of the tokens is forgotten.

Each token has a bias, in which the model keeps how frequent it is.
"""

from langmodels.architectures import *


class BERTPretraining(BERTPretraining):
    def forward(self, tokens, segments=None, real=None):
        hidden = self.bert(tokens, segments, real)
        guess = self.transform_norm(nn.functional.gelu(self.transform(hidden)))
        logits = guess @ self.bert.embedding.weight.T
        return logits, self.next_sentence(self.bert.pool(hidden))
