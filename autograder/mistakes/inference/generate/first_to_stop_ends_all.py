"""All rows end when the first one stops.

Each row has an answer of its own, and the others are not finished. The batch ends when every row
has.
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
        if any(answer[-1] in stop for answer in written) or step == n_new - 1:
            break
        logits = model(tokens[:, None], cache)[:, -1]
    return written
