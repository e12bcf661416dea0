"""The moments that are given are changed in place.

It saves memory, and is what torch.optim does with moments of its own. Here they are the caller's,
who may want to take the step again.
"""

from langmodels.learning import *


def adamw_step(
    weight, gradient, moments=None, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, decay=0.01
):
    t, m, v = moments or (0, torch.zeros_like(weight), torch.zeros_like(weight))
    t += 1
    beta1, beta2 = betas
    m = m.mul_(beta1).add_((1 - beta1) * gradient)
    v = v.mul_(beta2).add_((1 - beta2) * gradient**2)
    step = (m / (1 - beta1**t)) / ((v / (1 - beta2**t)).sqrt() + eps)
    return (1 - lr * decay) * weight - lr * step, (t, m, v)
