"""The decay from s to t leaves out step t.

Between s and t lie the steps s + 1 … t: what came in at s decays at t, too, but not at s.
"""

from langmodels.mamba import *


def ssd(x, step, a, b, c, state=None, *, chunk=64):
    if state is None:
        state = x.new_zeros(len(x), *x.shape[2:], b.shape[-1])
    outputs = []
    chunks = (tensor.split(chunk, dim=1) for tensor in (x, step, b, c))
    for x_c, step_c, b_c, c_c in zip(*chunks, strict=True):
        length = (step_c * a).cumsum(1).mT
        past = torch.ones(2 * length.shape[-1:], dtype=torch.bool, device=x.device).tril()
        own = (step_c * a).mT
        decay = (
            (
                length[..., :, None]
                - own[..., :, None]
                - length[..., None, :]
                + torch.eye(len(past)) * own[..., :, None]
            )
            .masked_fill(~past, -math.inf)
            .exp()
        )
        scores = (c_c @ b_c.mT)[:, None] * decay
        moved = (step_c[..., None] * x_c).transpose(1, 2)
        left = length.exp()[..., None] * c_c[:, None]
        outputs.append((scores @ moved + left @ state.mT).transpose(1, 2))
        kept = decay[..., -1, :, None] * moved
        state = length[..., -1:, None].exp() * state + kept.mT @ b_c[:, None]
    return torch.cat(outputs, dim=1), state
