"""The approximate GELU is used.

BERT has the exact one; the approximation is that of GPT-2.
"""

from langmodels.architectures import *


class BERTPretraining(BERTPretraining):
    def forward(self, tokens, segments=None, real=None):
        hidden = self.bert(tokens, segments, real)
        guess = self.transform_norm(nn.functional.gelu(self.transform(hidden), approximate="tanh"))
        logits = guess @ self.bert.embedding.weight.T + self.token_bias
        return logits, self.next_sentence(self.bert.pool(hidden))
