"""The convolution's past is counted once, not for each channel.

It holds the last W - 1 inputs of each of the E channels.
"""

from langmodels.mamba import *


def state_bytes(config, n_rows=1, bytes_per_number=4):
    numbers = config.inner * config.state + config.conv - 1
    return config.n_layers * n_rows * numbers * bytes_per_number
