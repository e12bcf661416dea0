"""Right: in place as torch has it, on copies, and with the correction in the rate."""

from langmodels.learning import *


def adamw_step(
    weight, gradient, moments=None, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, decay=0.01
):
    if moments is None:
        moments = (0, weight * 0, weight * 0)
    count, mean, square = moments[0] + 1, moments[1].clone(), moments[2].clone()
    mean.lerp_(gradient, 1 - betas[0])
    square.mul_(betas[1]).addcmul_(gradient, gradient, value=1 - betas[1])
    size = square.sqrt().div_((1 - betas[1] ** count) ** 0.5).add_(eps)
    new = weight.clone().mul_(1 - lr * decay)
    new.addcdiv_(mean, size, value=-lr / (1 - betas[0] ** count))
    return new, (count, mean, square)
