"""The cache is not told which tokens are padding.

The logits after the prompts are right, since padding comes later. But the cache keeps it, and
everything that is written next follows a row of zeros.
"""

from langmodels.inference import *


def prefill(model, prompts, cache):
    counts = [len(prompt) for prompt in prompts]
    padded = [[*prompt, *[0] * (max(counts) - len(prompt))] for prompt in prompts]
    hidden = model.hidden(torch.tensor(padded, device=cache.device), cache)
    last = torch.tensor(counts, device=cache.device) - 1
    return model.logits(hidden[torch.arange(len(counts), device=cache.device), last])
