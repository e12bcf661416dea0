"""The width of the model instead of the inner one.

States belong to the E channels inside the block.
"""

from langmodels.mamba import *


def state_bytes(config, n_rows=1, bytes_per_number=4):
    numbers = config.width * (config.state + config.conv - 1)
    return config.n_layers * n_rows * numbers * bytes_per_number
