"""Only the number of tokens that stay is looked at.

Which of them stay, and what their logits are, may then be anything.
"""

from langmodels.test_generation import *


def test_top_p():
    shares = torch.tensor([[0.1, 0.5, 0.05, 0.35], [0.25, 0.2, 0.15, 0.4]])
    for p, numbers in [(0.0, [1, 1]), (0.45, [1, 2]), (0.7, [2, 3]), (0.9, [3, 4])]:
        assert top_p(shares.log(), p).isfinite().sum(-1).tolist() == numbers
