"""The embedding gets no gradient from the guess.

It is one matrix with two uses, and learns from both.
"""

from langmodels.architectures import *


class BERTPretraining(BERTPretraining):
    def forward(self, tokens, segments=None, real=None):
        hidden = self.bert(tokens, segments, real)
        guess = self.transform_norm(nn.functional.gelu(self.transform(hidden)))
        logits = guess @ self.bert.embedding.weight.detach().T + self.token_bias
        return logits, self.next_sentence(self.bert.pool(hidden))
