"""The last position is looked up in the cache's lengths.

In an empty cache that is the same. In a second prompt it is not: positions in the text go on, but
the tensor of the new tokens starts at 0 again.
"""

from langmodels.inference import *


def prefill(model, prompts, cache):
    counts = [len(prompt) for prompt in prompts]
    padded = [[*prompt, *[0] * (max(counts) - len(prompt))] for prompt in prompts]
    hidden = model.hidden(torch.tensor(padded, device=cache.device), cache, counts)
    last = (torch.tensor(cache.lengths) - 1).clamp(max=max(counts) - 1)
    return model.logits(hidden[torch.arange(len(counts)), last])
