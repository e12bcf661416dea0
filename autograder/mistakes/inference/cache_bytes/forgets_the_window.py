"""The window is ignored, so the cache grows with the text.

Keys that have fallen out of the window are never looked at again, and need not be kept: a row
holds W tokens at most.
"""

from langmodels.inference import *


def cache_bytes(config, n_tokens, n_rows=1, bytes_per_number=2):
    per_token = 2 * config.n_layers * config.n_kv_heads * config.head_width
    return per_token * n_tokens * n_rows * bytes_per_number
