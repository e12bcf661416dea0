"""The next requests are read when all rows are free.

That is static batching: a row that is done early feeds nothing but padding until the slowest of
its batch has finished.
"""

from langmodels.inference import *


@torch.inference_mode()
def continuous_batching(model, requests, n_rows, capacity):
    answers = []
    for first in range(0, len(requests), n_rows):
        batch = requests[first : first + n_rows]
        longest = max(request.n_new for request in batch)
        written = generate(model, [request.prompt for request in batch], longest)
        answers += [w[: r.n_new] for w, r in zip(written, batch, strict=True)]
    return answers
