"""All advantages are above 0.

With these the clip only ever cuts from above. Which of the two products is the smaller changes
with the sign.
"""

from langmodels.test_preferences import *


def test_ppo_loss():
    ratios = torch.tensor([[0.5, 1.1, 3.0], [2.0, 0.9, 9.0]])
    old = torch.full((2, 3), -2.0)
    mask = torch.tensor([[True, True, True], [True, True, False]])
    loss = ppo_loss(old + ratios.log(), old, torch.full((2, 3), 2.0), mask)
    torch.testing.assert_close(loss, torch.tensor(-2 * (0.5 + 1.1 + 1.2 + 1.2 + 0.9) / 5))
