"""Counts down what each row has left to write, and keeps the tokens to feed in a tensor."""

from langmodels.inference import *


@torch.inference_mode()
def continuous_batching(model, requests, n_rows, capacity):
    weight = model.embedding.weight
    cache = KVCache(model.config, n_rows, capacity, weight.dtype, weight.device)
    answers = {}
    owner, left = [-1] * n_rows, [0] * n_rows
    fed = torch.zeros(n_rows, 1, dtype=torch.long, device=weight.device)
    coming = iter(range(len(requests)))
    number = next(coming, None)
    while number is not None or any(left):
        while number is not None and 0 in left:
            row = left.index(0)
            own = cache.row(row)
            token = int(prefill(model, [requests[number].prompt], own)[0].argmax())
            answers[number], owner[row], fed[row] = [token], number, token
            left[row] = requests[number].n_new - 1
            cache.lengths[row] = own.lengths[0] if left[row] else 0
            number = next(coming, None)
        if not any(left):
            continue
        hidden = model.hidden(fed, cache, [min(n, 1) for n in left])
        fed = model.logits(hidden).argmax(-1)
        for row in range(n_rows):
            if left[row]:
                answers[owner[row]].append(int(fed[row]))
                left[row] -= 1
                if not left[row]:
                    cache.lengths[row] = 0
    return [answers[n] for n in range(len(requests))]
