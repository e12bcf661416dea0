"""All prompts are read before anything is written.

That takes a cache with a row for each request. There are n_rows, and a request has to wait until
one is free.
"""

from langmodels.inference import *


@torch.inference_mode()
def continuous_batching(model, requests, n_rows, capacity):
    if not requests:
        return []
    longest = max(request.n_new for request in requests)
    answers = generate(model, [request.prompt for request in requests], longest)
    return [a[: r.n_new] for a, r in zip(answers, requests, strict=True)]
