"""The gradient is asked for exactly at an edge of the clip.

There both products are the same, and which of them has the slope is nobody's promise: right
solutions differ.
"""

from langmodels.test_preferences import *


def test_ppo_loss():
    old = torch.full((1, 2), 0.0, dtype=torch.float64)
    for clip in (0.0,):
        logprobs = old.clone().requires_grad_()
        ppo_loss(logprobs, old, torch.tensor([[2.0, -2.0]]).double(), old == 0, clip).backward()
        assert logprobs.grad.tolist() == [[-0.5, 0.5]]
