"""Two operations for each weight that a token meets, and four for each number of a key."""

from langmodels.inference import *


def step_flops(config, n_new, context, n_rows=1):
    heads = config.n_heads * config.head_width
    keys = config.n_kv_heads * config.head_width
    layer = 2 * heads * config.width + 2 * keys * config.width + 3 * config.width * config.inner
    looking = 4 * config.n_layers * heads * context
    a_token = 2 * config.n_layers * layer + looking
    return n_rows * (n_new * a_token + 2 * config.width * config.vocabulary)
