"""Right: Φ from torch.special.ndtr; tanh by exponentials that cannot overflow."""

from langmodels.transformer import *


def gelu(x, approximate="none"):
    assert approximate in ("none", "tanh")
    wide = at_least_float32(x)
    if approximate == "none":
        return (wide * torch.special.ndtr(wide)).to(x)
    inner = math.sqrt(8 / math.pi) * (wide + 0.044715 * wide * wide * wide)
    return torch.where(wide == 0, wide, wide / (1 + (-inner).clamp(max=80).exp())).to(x)
