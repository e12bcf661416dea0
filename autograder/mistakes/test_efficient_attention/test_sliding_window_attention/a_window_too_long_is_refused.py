"""An error is demanded where the docstring promises an answer.

`window` may exceed T, it says. A test that wants a ValueError there fails on every right solution.
"""

import pytest

from langmodels.test_efficient_attention import *


def test_sliding_window_attention():
    query, key, value = torch.randn(3, 2, 5, 4)
    with pytest.raises(ValueError):
        sliding_window_attention(query, key, value, 6)
