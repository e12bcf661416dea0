"""The convolution's past is left out.

It is small beside the state, and lost it cannot be: W - 1 inputs for each channel.
"""

from langmodels.mamba import *


def state_bytes(config, n_rows=1, bytes_per_number=4):
    numbers = config.inner * config.state
    return config.n_layers * n_rows * numbers * bytes_per_number
