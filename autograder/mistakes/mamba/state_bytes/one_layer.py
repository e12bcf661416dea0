"""Only one layer is counted.

Each layer has a state of its own, and all of them are kept.
"""

from langmodels.mamba import *


def state_bytes(config, n_rows=1, bytes_per_number=4):
    numbers = config.inner * (config.state + config.conv - 1)
    return n_rows * numbers * bytes_per_number
