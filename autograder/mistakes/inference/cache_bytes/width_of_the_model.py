"""Each token is counted with 2 D numbers a layer.

D is what flows between the layers. What is kept are G heads of width K, and G K is as large as D
only where every query head has keys of its own and H K = D.
"""

from langmodels.inference import *


def cache_bytes(config, n_tokens, n_rows=1, bytes_per_number=2):
    if config.window is not None:
        n_tokens = min(n_tokens, config.window)
    return 2 * config.n_layers * config.width * n_tokens * n_rows * bytes_per_number
