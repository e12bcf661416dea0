"""Right: the guesses one position after the other."""

from langmodels.architectures import *


class BERTPretraining(BERTPretraining):
    def forward(self, tokens, segments=None, real=None):
        hidden = self.bert(tokens, segments, real)
        guesses = []
        for vector in hidden.unbind(1):
            vector = self.transform_norm(nn.functional.gelu(self.transform(vector)))
            guesses.append(vector @ self.bert.embedding.weight.mT + self.token_bias)
        return torch.stack(guesses, dim=1), self.next_sentence(self.bert.pool(hidden))
