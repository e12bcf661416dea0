"""The capacity is not looked at.

On real machines each expert has a buffer of a fixed size, and what does not fit is lost. A model
trained without that is another one.
"""

from langmodels.transformer import *


class MixtureOfExperts(MixtureOfExperts):
    def forward(self, x):
        tokens = x.reshape(-1, x.shape[-1])
        weights, experts = route(self.gate(tokens), self.n_chosen)
        room = len(tokens)
        if False:
            room = math.ceil(self.capacity * experts.numel() / len(self.experts))
        out = torch.zeros_like(tokens)
        for number, expert in enumerate(self.experts):
            choice, token = (experts.mT == number).nonzero(as_tuple=True)
            choice, token = (choice[:room], token[:room])
            out = out.index_add(0, token, weights[token, choice, None] * expert(tokens[token]))
        return out.view_as(x)
