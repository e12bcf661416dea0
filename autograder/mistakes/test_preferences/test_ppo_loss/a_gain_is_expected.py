"""A gain is expected, not a loss.

The function gives minus the mean: an optimiser makes it smaller. So right solutions are rejected.
"""

from langmodels.test_preferences import *


def test_ppo_loss():
    ratios = torch.tensor([[0.5, 1.1, 3.0]])
    advantage = torch.tensor([[1.0, -2.0, 3.0]])
    old = torch.full((1, 3), -2.0)
    gain = torch.minimum(ratios * advantage, ratios.clamp(0.8, 1.2) * advantage)
    loss = ppo_loss(old + ratios.log(), old, advantage, torch.ones(1, 3).bool())
    torch.testing.assert_close(loss, gain.mean())
