"""Tokens are drawn from the distribution, not chosen.

Greedy means the most probable one, always the same. Sampling is another way to write, with a
chapter's section of its own.
"""

from langmodels.inference import *


@torch.inference_mode()
def generate(model, prompts, n_new, *, cache=None, stop=()):
    weight = model.embedding.weight
    if cache is None:
        capacity = max(map(len, prompts)) + n_new
        cache = KVCache(model.config, len(prompts), capacity, weight.dtype, weight.device)
    written = [[] for _ in prompts]
    logits = prefill(model, prompts, cache)
    for step in range(n_new):
        tokens = torch.multinomial((logits / 5).softmax(-1), 1)
        for row, token in enumerate(tokens[:, 0].tolist()):
            if not (written[row] and written[row][-1] in stop):
                written[row].append(token)
        if all(answer[-1] in stop for answer in written) or step == n_new - 1:
            break
        logits = model(tokens, cache)[:, -1]
    return written
