"""Right: the last matrix as a linear map with a bias."""

from langmodels.architectures import *


class BERTPretraining(BERTPretraining):
    def forward(self, tokens, segments=None, real=None):
        hidden = self.bert(tokens, segments, real)
        inner = self.transform(hidden)
        inner = inner * (1 + torch.erf(inner / 2**0.5)) / 2
        table = self.bert.embedding.weight
        logits = nn.functional.linear(self.transform_norm(inner), table, self.token_bias)
        pooled = torch.tanh(self.bert.pooler(hidden[:, 0]))
        return logits, self.next_sentence(pooled)
