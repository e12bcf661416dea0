"""Logits are computed at all positions, and all but one thrown away.

The vocabulary is the widest thing in the model. For a prompt of a thousand tokens that is a
thousand times the work that is needed, and the largest tensor of all.
"""

from langmodels.inference import *


def prefill(model, prompts, cache):
    counts = [len(prompt) for prompt in prompts]
    padded = [[*prompt, *[0] * (max(counts) - len(prompt))] for prompt in prompts]
    logits = model(torch.tensor(padded, device=cache.device), cache, counts)
    last = torch.tensor(counts, device=cache.device) - 1
    return logits[torch.arange(len(counts), device=cache.device), last]
