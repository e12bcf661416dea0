"""Probabilities are handed over in the place of logits.

The softmax of probabilities is another, flatter distribution; so right solutions keep other
tokens than the test expects.
"""

from langmodels.test_generation import *


def test_top_p():
    shares = torch.tensor([[0.1, 0.6, 0.3]])
    assert (top_p(shares, 0.65) > -math.inf).tolist() == [[False, True, True]]
    assert (top_p(shares, 0.55) > -math.inf).tolist() == [[False, True, False]]
