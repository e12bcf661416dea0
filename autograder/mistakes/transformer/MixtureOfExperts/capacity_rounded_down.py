"""The room of an expert is rounded down.

With few tokens it may become 0, and nobody is served. The docstring rounds up.
"""

from langmodels.transformer import *


class MixtureOfExperts(MixtureOfExperts):
    def forward(self, x):
        tokens = x.reshape(-1, x.shape[-1])
        weights, experts = route(self.gate(tokens), self.n_chosen)
        room = len(tokens)
        if self.capacity is not None:
            room = math.floor(self.capacity * experts.numel() / len(self.experts))
        out = torch.zeros_like(tokens)
        for number, expert in enumerate(self.experts):
            choice, token = (experts.mT == number).nonzero(as_tuple=True)
            choice, token = (choice[:room], token[:room])
            out = out.index_add(0, token, weights[token, choice, None] * expert(tokens[token]))
        return out.view_as(x)
