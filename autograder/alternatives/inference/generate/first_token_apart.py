"""Writes the first token before the loop, and feeds at the loop's start."""

from langmodels.inference import *


@torch.inference_mode()
def generate(model, prompts, n_new, *, cache=None, stop=()):
    weight = model.embedding.weight
    if cache is None:
        capacity = max(map(len, prompts)) + n_new
        cache = KVCache(model.config, len(prompts), capacity, weight.dtype, weight.device)
    stop = set(stop)
    tokens = prefill(model, prompts, cache).argmax(-1)
    answers = [[token] for token in tokens.tolist()]
    for _ in range(n_new - 1):
        if all(answer[-1] in stop for answer in answers):
            break
        logits = model.logits(model.hidden(tokens[:, None], cache)[:, 0])
        tokens = logits.max(-1).indices
        for answer, token in zip(answers, tokens.tolist(), strict=True):
            if answer[-1] not in stop:
                answer.append(token)
    return answers
