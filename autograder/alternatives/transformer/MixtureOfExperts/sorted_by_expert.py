"""Right: all work sorted by expert, cut into pieces, and put back by a sum."""

from langmodels.transformer import *


class MixtureOfExperts(MixtureOfExperts):
    def forward(self, x):
        tokens = x.flatten(0, -2)
        weights, experts = route(self.gate(tokens), self.n_chosen)
        n_tokens, n_chosen = experts.shape
        flat, order = experts.T.reshape(-1).sort(stable=True)
        owner = order % n_tokens if n_tokens else order
        counts = torch.bincount(flat, minlength=len(self.experts)).tolist()
        room = n_tokens
        if self.capacity is not None:
            room = math.ceil(self.capacity * n_tokens * n_chosen / len(self.experts))
        said = []
        for expert, piece in zip(self.experts, owner.split(counts), strict=True):
            served = expert(tokens[piece[:room]])
            said.append(
                torch.cat([served, served.new_zeros(len(piece) - len(served), x.shape[-1])])
            )
        scaled = torch.cat(said) * weights.T.reshape(-1)[order][:, None]
        return torch.zeros_like(tokens).index_add(0, owner, scaled).unflatten(0, x.shape[:-1])
