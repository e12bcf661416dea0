"""ReLU stands where GELU should.

BERT uses GELU everywhere; weights trained with it do not fit anything else.
"""

from langmodels.architectures import *


class BERTPretraining(BERTPretraining):
    def forward(self, tokens, segments=None, real=None):
        hidden = self.bert(tokens, segments, real)
        guess = self.transform_norm(nn.functional.relu(self.transform(hidden)))
        logits = guess @ self.bert.embedding.weight.T + self.token_bias
        return logits, self.next_sentence(self.bert.pool(hidden))
