"""The last token that is written is fed as well.

Its logits are never looked at. With one model call a token that is one call too many for every
answer, and room for one token more in every cache.
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
    for _ in range(n_new):
        tokens = logits.argmax(-1)
        for row, token in enumerate(tokens.tolist()):
            if not (written[row] and written[row][-1] in stop):
                written[row].append(token)
        logits = model(tokens[:, None], cache)[:, -1]
        if all(answer[-1] in stop for answer in written):
            break
    return written
