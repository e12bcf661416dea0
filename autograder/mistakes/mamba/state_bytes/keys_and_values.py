"""Everything is doubled, for keys and values.

A Mamba has neither keys nor values. It has one state, and writes over it.
"""

from langmodels.mamba import *


def state_bytes(config, n_rows=1, bytes_per_number=4):
    numbers = config.inner * (config.state + config.conv - 1)
    return 2 * config.n_layers * n_rows * numbers * bytes_per_number
