"""After the prompt its last token is fed once more.

The prefill has read it already and says what follows. Fed again it stands in the cache twice, at
two positions.
"""

from langmodels.inference import *


@torch.inference_mode()
def generate(model, prompts, n_new, *, cache=None, stop=()):
    weight = model.embedding.weight
    if cache is None:
        capacity = max(map(len, prompts)) + n_new + 1
        cache = KVCache(model.config, len(prompts), capacity, weight.dtype, weight.device)
    written = [[] for _ in prompts]
    prefill(model, prompts, cache)
    fed = torch.tensor([[prompt[-1]] for prompt in prompts])
    for _ in range(n_new):
        fed = model(fed, cache)[:, -1:].argmax(-1)
        for row, token in enumerate(fed[:, 0].tolist()):
            if not (written[row] and written[row][-1] in stop):
                written[row].append(token)
        if all(answer[-1] in stop for answer in written):
            break
    return written
