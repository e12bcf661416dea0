"""Numbers are counted, not bytes.

A number of float32 takes four bytes, one of bfloat16 two.
"""

from langmodels.mamba import *


def state_bytes(config, n_rows=1, bytes_per_number=4):
    numbers = config.inner * (config.state + config.conv - 1)
    return config.n_layers * n_rows * numbers
