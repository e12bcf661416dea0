"""The new token is fed without the cache.

Then the model knows nothing but this one token, at position 0. The past is in the cache: pass it
on with every call.
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
            if not (written[row] and written[row][-1] in stop):
                written[row].append(token)
        if all(answer[-1] in stop for answer in written) or step == n_new - 1:
            break
        logits = model(tokens[:, None])[:, -1]
    return written
