"""Right: joins all gradients to one long vector, and cuts it again."""

from langmodels.learning import *


def clip_gradients(gradients, largest):
    whole = torch.cat([gradient.reshape(-1) for gradient in gradients]).double()
    norm = whole.square().sum().sqrt().item()
    if norm > largest:
        whole = whole / (norm / largest)
    parts = whole.split([gradient.numel() for gradient in gradients])
    clipped = [p.reshape(g.shape).to(g.dtype) for p, g in zip(parts, gradients, strict=True)]
    return clipped, norm
