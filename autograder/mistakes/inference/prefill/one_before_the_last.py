"""The logits after the last token but one are returned.

The model says at each position what comes after it. What follows the prompt is said at its last
token, at place length - 1.
"""

from langmodels.inference import *


def prefill(model, prompts, cache):
    counts = [len(prompt) for prompt in prompts]
    padded = [[*prompt, *[0] * (max(counts) - len(prompt))] for prompt in prompts]
    hidden = model.hidden(torch.tensor(padded, device=cache.device), cache, counts)
    last = [max(count - 2, 0) for count in counts]
    return model.logits(hidden[torch.arange(len(counts)), torch.tensor(last)])
