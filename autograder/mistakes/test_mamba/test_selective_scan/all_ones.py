"""All inputs are ones.

Where everything is alike, nothing can be exchanged for anything else and be noticed.
"""

from langmodels.test_mamba import *


def test_selective_scan():
    one = torch.ones(1, 3, 1)
    y, _ = selective_scan(one, one, -one[0, :1], one, one)
    q = math.exp(-1)
    torch.testing.assert_close(y[0, :, 0], torch.tensor([1.0, 1 + q, 1 + q + q * q]))
