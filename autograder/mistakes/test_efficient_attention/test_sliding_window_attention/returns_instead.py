"""The test returns what it should assert.

pytest looks at what a test raises, not at what it returns. Have a test fail once, on purpose,
before you trust it.
"""

from langmodels.test_efficient_attention import *


def test_sliding_window_attention():
    query, key, value = torch.randn(3, 2, 6, 4)
    got = sliding_window_attention(query, key, value, 3)
    for t in range(6):
        near = slice(max(0, t - 2), t + 1)
        expected = full_attention(query[:, t : t + 1], key[:, near], value[:, near])
        if not torch.allclose(got[:, t : t + 1], expected, atol=1e-5):
            return False
    return True
