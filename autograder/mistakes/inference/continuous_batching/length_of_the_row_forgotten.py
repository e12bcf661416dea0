"""After a prompt is read the whole cache is not told how long the row is.

The row's own cache shares its memory, not its length. Without it the first step stands at
position 0 and writes over the prompt.
"""

from langmodels.inference import *


@torch.inference_mode()
def continuous_batching(model, requests, n_rows, capacity):
    weight = model.embedding.weight
    cache = KVCache(model.config, n_rows, capacity, weight.dtype, weight.device)
    written = [[] for _ in requests]
    waiting = list(range(len(requests)))
    at_work = {}
    while waiting or at_work:
        for row in range(n_rows):
            while row not in at_work and waiting:
                number = waiting.pop(0)
                logits = prefill(model, [requests[number].prompt], cache.row(row))
                written[number].append(int(logits.argmax()))
                cache.lengths[row] = 0
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
