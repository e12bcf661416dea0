"""m and v are not corrected.

Both begin with zeros and are much too small at first, v more than m: with the usual β the first
step is three times too long.
"""

from langmodels.learning import *


def adamw_step(
    weight, gradient, moments=None, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, decay=0.01
):
    t, m, v = moments or (0, torch.zeros_like(weight), torch.zeros_like(weight))
    t += 1
    beta1, beta2 = betas
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    step = m / (v.sqrt() + eps)
    return (1 - lr * decay) * weight - lr * step, (t, m, v)
