"""The guess is not normed.

After GELU comes transform_norm, and only then the embedding.
"""

from langmodels.architectures import *


class BERTPretraining(BERTPretraining):
    def forward(self, tokens, segments=None, real=None):
        hidden = self.bert(tokens, segments, real)
        guess = nn.functional.gelu(self.transform(hidden))
        logits = guess @ self.bert.embedding.weight.T + self.token_bias
        return logits, self.next_sentence(self.bert.pool(hidden))
