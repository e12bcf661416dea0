"""Of the scores of a prompt only those that are not hidden are counted.

A mask hides scores, it does not avoid them: plain attention computes all T × T and throws half of
them away. (FlashAttention skips tiles that are hidden as a whole.)
"""

from langmodels.inference import *


def step_flops(config, n_new, context, n_rows=1):
    c = config
    projections = 2 * c.width * (c.n_heads + c.n_kv_heads) * c.head_width
    pairs = sum(context - n for n in range(n_new))
    attention = 2 * c.n_heads * c.head_width * pairs
    layers = c.n_layers * (n_new * (projections + 3 * c.width * c.inner) + attention)
    return 2 * n_rows * (layers + c.width * c.vocabulary)
