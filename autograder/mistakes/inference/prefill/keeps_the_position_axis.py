"""The result has an axis for the position, of size 1.

A slice keeps its axis, an index does not. What is due is one row of logits for each prompt.
"""

from langmodels.inference import *


def prefill(model, prompts, cache):
    counts = [len(prompt) for prompt in prompts]
    padded = [[*prompt, *[0] * (max(counts) - len(prompt))] for prompt in prompts]
    hidden = model.hidden(torch.tensor(padded, device=cache.device), cache, counts)
    last = torch.tensor(counts, device=cache.device) - 1
    return model.logits(hidden[torch.arange(len(counts)), last][:, None])
