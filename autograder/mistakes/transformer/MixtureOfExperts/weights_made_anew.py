"""What is left of a token's weights is scaled up to 1.

The docstring leaves them as they are: a token that lost half of its experts gets half of an
answer, and the residual keeps the rest.
"""

from langmodels.transformer import *


class MixtureOfExperts(MixtureOfExperts):
    def forward(self, x):
        tokens = x.reshape(-1, x.shape[-1])
        weights, experts = route(self.gate(tokens), self.n_chosen)
        room = len(tokens)
        if self.capacity is not None:
            room = math.ceil(self.capacity * experts.numel() / len(self.experts))
        out = torch.zeros_like(tokens)
        left = torch.zeros(len(tokens), 1, dtype=tokens.dtype)
        for number, expert in enumerate(self.experts):
            choice, token = (experts.mT == number).nonzero(as_tuple=True)
            choice, token = (choice[:room], token[:room])
            left = left.index_add(0, token, weights[token, choice, None])
            out = out.index_add(0, token, weights[token, choice, None] * expert(tokens[token]))
        return (out / left.clamp(min=1e-30)).view_as(x)
