"""The last token of each prompt is left for the first decoding step.

Then the logits after the prompt are not known yet: what comes back is what was expected in the
place of its last token.
"""

from langmodels.inference import *


def prefill(model, prompts, cache):
    counts = [max(len(prompt) - 1, 1) for prompt in prompts]
    rows = [list(prompt)[:count] for prompt, count in zip(prompts, counts, strict=True)]
    padded = [[*row, *[0] * (max(counts) - len(row))] for row in rows]
    hidden = model.hidden(torch.tensor(padded, device=cache.device), cache, counts)
    return model.logits(hidden[torch.arange(len(counts)), torch.tensor(counts) - 1])
