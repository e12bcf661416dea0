"""Right: answer by answer, over its own tokens."""

from langmodels.preferences import *


def grpo_loss(logprobs, old, reference, advantage, mask, clip=0.2, beta=0.04):
    found = []
    for row, picked in enumerate(mask):
        here = logprobs[row, picked]
        ratio = torch.exp(here - old[row, picked])
        held = torch.clamp(ratio, 1 - clip, 1 + clip)
        loss = torch.maximum(-advantage[row] * ratio, -advantage[row] * held)
        apart = reference[row, picked] - here
        loss = loss + beta * (apart.expm1() - apart)
        found.append(loss.sum() / max(1, len(loss)))
    return torch.stack(found).mean()
