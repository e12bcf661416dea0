"""There is one row only.

Rows that are mixed up, or all cut like the first, cannot be noticed.
"""

from langmodels.test_generation import *


def test_top_p():
    shares = torch.tensor([0.1, 0.5, 0.05, 0.35])
    for p, kept in [(0.0, [1]), (0.45, [1]), (0.7, [1, 3]), (0.9, [0, 1, 3])]:
        logits = shares.log()[None]
        expected = torch.full_like(logits, -math.inf)
        expected[:, kept] = logits[:, kept]
        torch.testing.assert_close(top_p(logits, p), expected)
