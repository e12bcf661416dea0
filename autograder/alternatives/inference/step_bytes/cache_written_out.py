"""Adds up layer by layer, with the cache written out."""

from langmodels.inference import *


def step_bytes(config, context, n_rows=1, bytes_per_number=2):
    held = min(context, config.window or context)
    numbers = config.vocabulary * config.width
    for _ in range(config.n_layers):
        numbers += (config.n_heads + 2 * config.n_kv_heads) * config.head_width * config.width
        numbers += config.width * config.n_heads * config.head_width
        numbers += 3 * config.inner * config.width
        numbers += 2 * n_rows * held * config.n_kv_heads * config.head_width
    return numbers * bytes_per_number
