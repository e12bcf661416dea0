"""The two answers come in the other order.

The tokens come first, the neighbours second.
"""

from langmodels.architectures import *


class BERTPretraining(BERTPretraining):
    def forward(self, tokens, segments=None, real=None):
        hidden = self.bert(tokens, segments, real)
        guess = self.transform_norm(nn.functional.gelu(self.transform(hidden)))
        logits = guess @ self.bert.embedding.weight.T + self.token_bias
        return self.next_sentence(self.bert.pool(hidden)), logits
