"""A product of all sizes."""

from langmodels.mamba import *


def state_bytes(config, n_rows=1, bytes_per_number=4):
    return math.prod(
        [config.n_layers, n_rows, config.inner, config.state - 1 + config.conv, bytes_per_number]
    )
