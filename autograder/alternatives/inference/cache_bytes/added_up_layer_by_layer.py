"""Adds up rows, layers and heads one by one."""

from langmodels.inference import *


def cache_bytes(config, n_tokens, n_rows=1, bytes_per_number=2):
    total = 0
    for _ in range(n_rows):
        for _ in range(config.n_layers):
            for _ in range(config.n_kv_heads):
                tokens = n_tokens
                if config.window and tokens > config.window:
                    tokens = config.window
                total += tokens * config.head_width * bytes_per_number
                total += tokens * config.head_width * bytes_per_number
    return total
