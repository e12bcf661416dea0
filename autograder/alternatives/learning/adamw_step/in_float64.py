"""Right: in double precision, with the corrections as sums of powers."""

from langmodels.learning import *


def adamw_step(
    weight, gradient, moments=None, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, decay=0.01
):
    w, g = weight.double(), gradient.double()
    t, m, v = moments if moments else (0, torch.zeros_like(w), torch.zeros_like(w))
    m = betas[0] * m.double() + (1 - betas[0]) * g
    v = betas[1] * v.double() + (1 - betas[1]) * g * g
    seen = [(1 - beta) * sum(beta**i for i in range(t + 1)) for beta in betas]
    new = w - lr * (decay * w + m / seen[0] / ((v / seen[1]) ** 0.5 + eps))
    return new.to(weight.dtype), (t + 1, m.to(weight.dtype), v.to(weight.dtype))
