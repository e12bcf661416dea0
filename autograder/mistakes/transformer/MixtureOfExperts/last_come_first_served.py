"""When an expert is full the earliest tokens are left out.

The docstring serves the earlier token first. (For a decoder this matters also in another way:
later tokens must not change earlier ones.)
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
        for number, expert in enumerate(self.experts):
            choice, token = (experts.mT == number).nonzero(as_tuple=True)
            choice, token = (
                choice[len(choice) - min(room, len(choice)) :],
                token[len(token) - min(room, len(token)) :],
            )
            out = out.index_add(0, token, weights[token, choice, None] * expert(tokens[token]))
        return out.view_as(x)
