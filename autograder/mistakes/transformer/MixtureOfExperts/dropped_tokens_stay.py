"""A token that finds no room is passed through as it is.

That is what the residual of the layer does. Here it would be added twice.
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
        dropped = torch.ones(len(tokens), 1, dtype=tokens.dtype)
        for number, expert in enumerate(self.experts):
            choice, token = (experts.mT == number).nonzero(as_tuple=True)
            choice, token = (choice[:room], token[:room])
            dropped[token] = 0
            out = out.index_add(0, token, weights[token, choice, None] * expert(tokens[token]))
        return (out + dropped * tokens).view_as(x)
