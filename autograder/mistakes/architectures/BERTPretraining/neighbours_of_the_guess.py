"""The second answer is made of what was transformed for the guess.

The two heads share BERT and nothing more.
"""

from langmodels.architectures import *


class BERTPretraining(BERTPretraining):
    def forward(self, tokens, segments=None, real=None):
        hidden = self.bert(tokens, segments, real)
        guess = self.transform_norm(nn.functional.gelu(self.transform(hidden)))
        logits = guess @ self.bert.embedding.weight.T + self.token_bias
        return logits, self.next_sentence(self.bert.pool(guess))
