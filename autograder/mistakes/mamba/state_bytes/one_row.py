"""Only one row is counted.

Each text of a batch has its own state: they remember different things.
"""

from langmodels.mamba import *


def state_bytes(config, n_rows=1, bytes_per_number=4):
    numbers = config.inner * (config.state + config.conv - 1)
    return config.n_layers * numbers * bytes_per_number
