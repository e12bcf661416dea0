"""Only the shape and the type are looked at.

A loss of any value is one number of this type, so every wrong one passes.
"""

from langmodels.test_preferences import *


def test_ppo_loss():
    old = torch.full((2, 3), -2.0)
    loss = ppo_loss(old - 1, old, old, torch.ones(2, 3).bool())
    assert loss.shape == ()
    assert loss.dtype == torch.float32
    assert loss.isfinite()
