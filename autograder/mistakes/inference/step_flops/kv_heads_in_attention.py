"""Scores are counted for G heads of keys, not for H query heads.

Grouped queries save memory, not arithmetic: every query head still makes scores of its own with
the keys that it shares.

See: inference#eq-step-flops
"""

from langmodels.inference import *


def step_flops(config, n_new, context, n_rows=1):
    c = config
    projections = 2 * c.width * (c.n_heads + c.n_kv_heads) * c.head_width
    attention = 2 * c.n_kv_heads * c.head_width * context
    layers = n_new * c.n_layers * (projections + attention + 3 * c.width * c.inner)
    return 2 * n_rows * (layers + c.width * c.vocabulary)
