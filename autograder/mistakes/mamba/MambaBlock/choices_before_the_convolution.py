"""Δ, B and C are made of x before the convolution.

They are made of what goes into the scan, after convolution and silu: so that a choice can depend
on the neighbours.
"""

from langmodels.mamba import *


class MambaBlock(MambaBlock):
    def forward(self, x, state=None):
        past, hidden = (None, None) if state is None else state
        x, gate = self.in_proj(x).chunk(2, dim=-1)
        raw = x
        weight, bias = self.conv1d.weight.squeeze(1), self.conv1d.get_parameter("bias")
        x, past = causal_depthwise_conv(x, weight, bias, past)
        x = functional.silu(x)
        rank, n = self.dt_proj.in_features, self.A_log.shape[1]
        step, b, c = self.x_proj(raw).split([rank, n, n], dim=-1)
        step = functional.softplus(self.dt_proj(step))
        y, hidden = chunked_selective_scan(x, step, -self.A_log.exp(), b, c, hidden)
        y = (y + self.D * x) * functional.silu(gate)
        return self.out_proj(y), (past, hidden)
