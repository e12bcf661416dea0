"""W inputs are counted instead of W - 1.

The window's last place is for the next input.
"""

from langmodels.mamba import *


def state_bytes(config, n_rows=1, bytes_per_number=4):
    numbers = config.inner * (config.state + config.conv)
    return config.n_layers * n_rows * numbers * bytes_per_number
