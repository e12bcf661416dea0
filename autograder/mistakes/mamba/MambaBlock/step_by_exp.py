"""The step is exp of what dt_proj says.

Positive as well, but another function: for large inputs softplus grows like its input.
"""

from langmodels.mamba import *


class MambaBlock(MambaBlock):
    def forward(self, x, state=None):
        past, hidden = (None, None) if state is None else state
        x, gate = self.in_proj(x).chunk(2, dim=-1)
        weight, bias = self.conv1d.weight.squeeze(1), self.conv1d.get_parameter("bias")
        x, past = causal_depthwise_conv(x, weight, bias, past)
        x = functional.silu(x)
        rank, n = self.dt_proj.in_features, self.A_log.shape[1]
        step, b, c = self.x_proj(x).split([rank, n, n], dim=-1)
        step = self.dt_proj(step).exp()
        y, hidden = chunked_selective_scan(x, step, -self.A_log.exp(), b, c, hidden)
        y = (y + self.D * x) * functional.silu(gate)
        return self.out_proj(y), (past, hidden)
