"""The step is added.

A gradient points to where the loss grows. The step goes the other way.
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
    step = (m / (1 - beta1**t)) / ((v / (1 - beta2**t)).sqrt() + eps)
    return (1 - lr * decay) * weight + lr * step, (t, m, v)
