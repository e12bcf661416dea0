"""Part by part."""

from langmodels.mamba import *


def state_bytes(config, n_rows=1, bytes_per_number=4):
    hidden = config.inner * config.state
    past = (config.conv - 1) * config.inner
    return sum(n_rows * (hidden + past) * bytes_per_number for _ in range(config.n_layers))
