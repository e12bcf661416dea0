"""Only the sign and the shape are looked at.

A loss is positive, and so is nearly everything that somebody takes for one. Compare numbers.
"""

from langmodels.test_learning import *


def test_cross_entropy():
    loss = cross_entropy(torch.randn(6, 5), torch.randint(5, (6,)))
    assert loss.shape == ()
    assert loss > 0
