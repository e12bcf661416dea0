"""The room is counted per token, not per choice.

N tokens with k choices each are N · k pieces of work; a capacity of 1 has to hold them if they are
shared evenly.
"""

from langmodels.transformer import *


class MixtureOfExperts(MixtureOfExperts):
    def forward(self, x):
        tokens = x.reshape(-1, x.shape[-1])
        weights, experts = route(self.gate(tokens), self.n_chosen)
        room = len(tokens)
        if self.capacity is not None:
            room = math.ceil(self.capacity * len(tokens) / len(self.experts))
        out = torch.zeros_like(tokens)
        for number, expert in enumerate(self.experts):
            choice, token = (experts.mT == number).nonzero(as_tuple=True)
            choice, token = (choice[:room], token[:room])
            out = out.index_add(0, token, weights[token, choice, None] * expert(tokens[token]))
        return out.view_as(x)
