"""The prompts are fed token by token.

The logits are right, but a prompt of n tokens takes n calls, each of which reads all weights from
memory. All tokens of a prompt are known, so one call can read them.
"""

from langmodels.inference import *


def prefill(model, prompts, cache):
    longest = max(map(len, prompts))
    result = [None] * len(prompts)
    for place in range(longest):
        fed = [[prompt[place] if place < len(prompt) else 0] for prompt in prompts]
        counts = [int(place < len(prompt)) for prompt in prompts]
        hidden = model.hidden(torch.tensor(fed, device=cache.device), cache, counts)[:, -1]
        for row, prompt in enumerate(prompts):
            if place == len(prompt) - 1:
                result[row] = hidden[row]
    return model.logits(torch.stack(result))
