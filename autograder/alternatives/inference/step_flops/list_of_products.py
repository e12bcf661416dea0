"""Lists every matrix product of a layer as (a, b, c) and adds up 2abc."""

from langmodels.inference import *


def step_flops(config, n_new, context, n_rows=1):
    width, head, inner = config.width, config.head_width, config.inner
    tokens = n_rows * n_new
    products = [
        (tokens, width, config.n_heads * head),  # queries
        (tokens, width, config.n_kv_heads * head),  # keys
        (tokens, width, config.n_kv_heads * head),  # values
        (tokens, config.n_heads * head, width),  # out
        (tokens, width, inner),  # gate
        (tokens, width, inner),  # up
        (tokens, inner, width),  # down
    ]
    for _ in range(config.n_heads):
        products.append((tokens, head, context))
        products.append((tokens, context, head))
    layers = config.n_layers * sum(2 * a * b * c for a, b, c in products)
    return layers + 2 * n_rows * width * config.vocabulary
