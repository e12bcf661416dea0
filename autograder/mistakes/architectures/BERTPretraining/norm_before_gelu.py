"""The norm comes before GELU.

BERT's head has its linear layer first, then GELU, and the norm last.
"""

from langmodels.architectures import *


class BERTPretraining(BERTPretraining):
    def forward(self, tokens, segments=None, real=None):
        hidden = self.bert(tokens, segments, real)
        guess = nn.functional.gelu(self.transform_norm(self.transform(hidden)))
        logits = guess @ self.bert.embedding.weight.T + self.token_bias
        return logits, self.next_sentence(self.bert.pool(hidden))
