"""A list of rows, each with its request or None, and a queue of requests."""

from collections import deque

from langmodels.inference import *


@torch.inference_mode()
def continuous_batching(model, requests, n_rows, capacity):
    weight = model.embedding.weight
    cache = KVCache(model.config, n_rows, capacity, weight.dtype, weight.device)
    queue = deque(enumerate(requests))
    answers = [[] for _ in requests]
    rows = [None] * n_rows

    def admit(row):
        """Read requests into a free row until one of them needs more than its first token."""
        while queue and rows[row] is None:
            number, request = queue.popleft()
            alone = cache.row(row)
            answers[number].append(prefill(model, [request.prompt], alone).argmax().item())
            cache.lengths[row] = alone.lengths[0]
            if request.n_new > 1:
                rows[row] = number
            else:
                cache.lengths[row] = 0

    while True:
        for row in range(n_rows):
            admit(row)
        working = [row for row in range(n_rows) if rows[row] is not None]
        if not working:
            return answers
        fed = torch.zeros(n_rows, 1, dtype=torch.long, device=weight.device)
        for row in working:
            fed[row] = answers[rows[row]][-1]
        logits = model(fed, cache, [int(row in working) for row in range(n_rows)])
        for row in working:
            number = rows[row]
            answers[number].append(logits[row, -1].argmax().item())
            if len(answers[number]) == requests[number].n_new:
                rows[row], cache.lengths[row] = None, 0
