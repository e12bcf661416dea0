"""The feed-forward network is counted with two matrices.

SwiGLU has three, gate, up and down: 3 D F. (With two, F was 4 D; with three it is 8/3 D, so that
the sum is the same, but F is given here.)
"""

from langmodels.inference import *


def step_flops(config, n_new, context, n_rows=1):
    c = config
    projections = 2 * c.width * (c.n_heads + c.n_kv_heads) * c.head_width
    attention = 2 * c.n_heads * c.head_width * context
    layers = n_new * c.n_layers * (projections + attention + 2 * c.width * c.inner)
    return 2 * n_rows * (layers + c.width * c.vocabulary)
