"""The probabilities are in descending order.

Then the order of the vocabulary and that of the probabilities are the same, and whoever confuses
them passes.
"""

from langmodels.test_generation import *


def test_top_p():
    logits = torch.tensor([[0.5, 0.3, 0.15, 0.05]]).log()
    for p, n in [(0.0, 1), (0.45, 1), (0.55, 2), (0.75, 2), (0.85, 3), (0.97, 4)]:
        expected = logits.clone()
        expected[:, n:] = -math.inf
        torch.testing.assert_close(top_p(logits, p), expected)
