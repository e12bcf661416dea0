"""Right: choice by choice, with a counter for each expert."""

from langmodels.transformer import *


class MixtureOfExperts(MixtureOfExperts):
    def forward(self, x):
        tokens = x.reshape(-1, x.shape[-1])
        weights, experts = route(self.gate(tokens), self.n_chosen)
        n_experts = len(self.experts)
        room = len(tokens)
        if self.capacity is not None:
            room = math.ceil(self.capacity * len(tokens) * self.n_chosen / n_experts)
        left = [room] * n_experts
        out = torch.zeros_like(tokens)
        for choice in range(self.n_chosen):
            for number in range(n_experts):
                mine = [t for t, e in enumerate(experts[:, choice].tolist()) if e == number]
                mine = mine[: left[number]]
                left[number] -= len(mine)
                if mine:
                    said = self.experts[number](tokens[mine])
                    out = out.index_add(0, torch.tensor(mine), weights[mine, choice, None] * said)
        return out.reshape(x.shape)
