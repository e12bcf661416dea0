"""Pads each prompt with its own last token, and picks with a mask."""

from langmodels.inference import *


def prefill(model, prompts, cache):
    counts = torch.tensor([len(prompt) for prompt in prompts], device=cache.device)
    places = torch.arange(int(counts.max()), device=cache.device)
    padded = [[p[min(place, len(p) - 1)] for place in places.tolist()] for p in prompts]
    hidden = model.hidden(torch.tensor(padded, device=cache.device), cache, counts.tolist())
    return model.logits(hidden[places == counts[:, None] - 1])
