"""Reads one token after another."""

from langmodels.mamba import *


class MambaBlock(MambaBlock):
    def forward(self, x, state=None):
        inner, n = self.A_log.shape
        if state is None:
            width = self.conv1d.weight.shape[-1]
            state = x.new_zeros(len(x), width - 1, inner), x.new_zeros(len(x), inner, n)
        past, hidden = state
        outputs = []
        for token in x.unbind(1):
            u, gate = self.in_proj(token).tensor_split(2, dim=-1)
            known = torch.cat([past, u[:, None]], dim=1)
            past = known[:, 1:]
            u = functional.silu(
                torch.einsum("bwe,ew->be", known, self.conv1d.weight[:, 0]) + self.conv1d.bias
            )
            chosen = self.x_proj(u)
            b, c = chosen[:, -2 * n : -n], chosen[:, -n:]
            step = functional.softplus(self.dt_proj(chosen[:, : -2 * n]))
            decay = torch.exp(-step[..., None] * self.A_log.exp())
            hidden = decay * hidden + (step * u)[..., None] * b[:, None]
            y = torch.einsum("ben,bn->be", hidden, c) + self.D * u
            outputs.append(self.out_proj(y * functional.silu(gate)))
        return torch.stack(outputs, dim=1), (past, hidden)
