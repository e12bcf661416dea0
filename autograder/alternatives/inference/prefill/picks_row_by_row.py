"""Fills a tensor of zeros row by row, and picks the last real position of each row in a loop."""

from langmodels.inference import *


def prefill(model, prompts, cache):
    counts = [len(prompt) for prompt in prompts]
    tokens = torch.zeros(len(prompts), max(counts), dtype=torch.long, device=cache.device)
    for row, prompt in enumerate(prompts):
        tokens[row, : len(prompt)] = torch.tensor(list(prompt))
    hidden = model.hidden(tokens, cache, counts)
    return model.logits(torch.stack([hidden[row, n - 1] for row, n in enumerate(counts)]))
