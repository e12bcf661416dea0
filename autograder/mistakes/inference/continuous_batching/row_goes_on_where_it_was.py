"""A new request follows the old one in its row.

The row's length has to go back to 0. Else the new prompt stands behind a text that it has nothing
to do with, and sees all of it.
"""

from langmodels.inference import *


@torch.inference_mode()
def continuous_batching(model, requests, n_rows, capacity):
    weight = model.embedding.weight
    room = sum(len(request.prompt) + request.n_new for request in requests) + 1
    cache = KVCache(model.config, n_rows, room, weight.dtype, weight.device)
    written = [[] for _ in requests]
    waiting = list(range(len(requests)))
    at_work = {}
    while waiting or at_work:
        for row in range(n_rows):
            while row not in at_work and waiting:
                number = waiting.pop(0)
                own = cache.row(row)
                own.lengths = [cache.lengths[row]]
                logits = prefill(model, [requests[number].prompt], own)
                written[number].append(int(logits.argmax()))
                cache.lengths[row] = own.lengths[0]
                if requests[number].n_new > 1:
                    at_work[row] = number
        if at_work:
            tokens = [written[at_work[row]][-1] if row in at_work else 0 for row in range(n_rows)]
            counts = [int(row in at_work) for row in range(n_rows)]
            logits = model(torch.tensor(tokens)[:, None], cache, counts)[:, -1]
            for row, number in list(at_work.items()):
                written[number].append(int(logits[row].argmax()))
                if len(written[number]) == requests[number].n_new:
                    del at_work[row]
    return written
