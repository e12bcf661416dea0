"""The mask names every token.

Who forgets the mask, or averages in another way, passes.
"""

from langmodels.test_preferences import *


def test_ppo_loss():
    ratios = torch.tensor([[0.5, 1.1, 3.0], [2.0, 0.9, 0.4]])
    advantage = torch.tensor([[1.0, -2.0, 3.0], [-4.0, 5.0, -6.0]])
    old = torch.full((2, 3), -2.0)
    gain = torch.minimum(ratios * advantage, ratios.clamp(0.7, 1.3) * advantage)
    loss = ppo_loss(old + ratios.log(), old, advantage, torch.ones(2, 3).bool(), 0.3)
    torch.testing.assert_close(loss, -gain.mean())
