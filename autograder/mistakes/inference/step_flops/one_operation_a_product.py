"""A multiplication and the addition after it are counted as one.

Hardware does both in one instruction, but peak numbers on data sheets, torch's counter and the
papers all count two: 2abc for a product of an a×b with a b×c matrix.

See: inference#eq-step-flops
"""

from langmodels.inference import *


def step_flops(config, n_new, context, n_rows=1):
    c = config
    projections = 2 * c.width * (c.n_heads + c.n_kv_heads) * c.head_width
    attention = 2 * c.n_heads * c.head_width * context
    layers = n_new * c.n_layers * (projections + attention + 3 * c.width * c.inner)
    return n_rows * (layers + c.width * c.vocabulary)
