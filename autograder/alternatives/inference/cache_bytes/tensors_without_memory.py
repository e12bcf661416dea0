"""Lays out the tensors on the meta device, where they take no memory, and asks for their bytes."""

from langmodels.inference import *


def cache_bytes(config, n_tokens, n_rows=1, bytes_per_number=2):
    kept = n_tokens if config.window is None else min(n_tokens, config.window)
    shape = 2, config.n_layers, n_rows, config.n_kv_heads, kept, config.head_width
    return torch.empty(shape, dtype=torch.int8, device="meta").nbytes * bytes_per_number
