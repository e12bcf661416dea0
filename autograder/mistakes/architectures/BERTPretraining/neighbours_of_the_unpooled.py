"""The second answer is made of the first position as it is.

It is made of the pooled vector: pool adds a linear layer and a tanh.
"""

from langmodels.architectures import *


class BERTPretraining(BERTPretraining):
    def forward(self, tokens, segments=None, real=None):
        hidden = self.bert(tokens, segments, real)
        guess = self.transform_norm(nn.functional.gelu(self.transform(hidden)))
        logits = guess @ self.bert.embedding.weight.T + self.token_bias
        return logits, self.next_sentence(hidden[:, 0])
