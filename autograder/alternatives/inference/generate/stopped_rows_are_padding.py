"""Rows that have stopped are fed padding, which their cache does not keep."""

from langmodels.inference import *


@torch.inference_mode()
def generate(model, prompts, n_new, *, cache=None, stop=()):
    weight = model.embedding.weight
    if cache is None:
        capacity = max(map(len, prompts)) + n_new - 1
        cache = KVCache(model.config, len(prompts), capacity, weight.dtype, weight.device)
    answers = [[] for _ in prompts]
    working = set(range(len(prompts)))
    logits = prefill(model, prompts, cache)
    while True:
        for row in list(working):
            answers[row].append(int(torch.argmax(logits[row])))
            if answers[row][-1] in stop or len(answers[row]) == n_new:
                working.remove(row)
        if not working:
            return answers
        fed = torch.tensor([[answer[-1]] for answer in answers], device=cache.device)
        counts = [int(row in working) for row in range(len(prompts))]
        logits = model(fed, cache, counts)[:, -1]
