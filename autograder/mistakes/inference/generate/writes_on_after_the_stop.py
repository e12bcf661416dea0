"""A row that has stopped goes on writing until all have.

The batch goes on, and feeds something to every row. But what a row writes after its stop token is
not part of its answer.
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
        tokens = logits.argmax(-1)
        for row, token in enumerate(tokens.tolist()):
            written[row].append(token)
        if all(set(answer) & set(stop) for answer in written) or step == n_new - 1:
            break
        logits = model(tokens[:, None], cache)[:, -1]
    return written
