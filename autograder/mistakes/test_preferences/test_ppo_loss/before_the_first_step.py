"""Policy and writer are the same.

Then every ratio is 1 and nothing is ever clipped: all that PPO adds to a policy gradient goes
untried.
"""

from langmodels.test_preferences import *


def test_ppo_loss():
    old = -torch.tensor([[1.0, 2.0, 3.0], [2.0, 2.0, 4.0]])
    advantage = torch.tensor([[1.0, -2.0, 4.0], [6.0, 5.0, 9.0]])
    mask = torch.tensor([[True, True, True], [True, False, False]])
    torch.testing.assert_close(ppo_loss(old, old, advantage, mask), torch.tensor(-2.25))
