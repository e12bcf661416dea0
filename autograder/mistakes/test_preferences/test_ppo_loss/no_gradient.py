"""The gradient is never asked for.

A loss that is cut off from the policy has the right value and teaches nothing.
"""

from langmodels.test_preferences import *


def test_ppo_loss():
    ratios = torch.tensor([[0.5, 0.5, 1.1, 3.0], [3.0, 0.9, 1.4, 0.6]])
    advantage = torch.tensor([[1.0, -2.0, 3.0, 1.5], [-1.0, 0.5, 7.0, 0.0]])
    mask = torch.tensor([[True] * 4, [True, False, True, False]])
    for clip in (0.2, 0.7):
        gain = torch.minimum(ratios * advantage, ratios.clamp(1 - clip, 1 + clip) * advantage)
        loss = ppo_loss(ratios.log() - 3, torch.full((2, 4), -3.0), advantage, mask, clip)
        torch.testing.assert_close(loss, -gain[mask].mean())
