"""Tests of PPO's loss: on both sides of the clip, for good tokens and for bad ones.

A test is a function whose name begins with test_. `pytest src/langmodels/test_preferences.py` runs
all of this file on your own function; graded, it runs on other people's. Add as many tests as you
like, with whatever pytest offers but files.
"""

import torch

from langmodels.preferences import ppo_loss


def test_ppo_loss() -> None:
    """Fails on every wrong loss of PPO that you can think of, and on no right one.

    Where a ratio is exactly at an edge of the clip, right solutions may have different gradients.
    """
    # BEGIN SOLUTION
    ratios = torch.tensor([[0.5, 0.5, 1.1, 3.0], [3.0, 0.9, 1.4, 0.6], [2.0, 9.0, 9.0, 9.0]])
    advantage = torch.tensor([[1.0, -2.0, 3.0, 1.5], [-1.0, 0.5, 7.0, 0.0], [-4.0, 5.0, 6.0, 8.0]])
    old = -torch.tensor([[0.3, 1.0, 2.0, 4.0], [0.1, 0.7, 3.0, 2.5], [6.0, 1.0, 1.0, 1.0]])
    mask = torch.tensor([[1, 1, 1, 1], [1, 1, 0, 1], [1, 0, 0, 0]]).bool()
    for dtype in (torch.float32, torch.float64):
        for clip in (0.2, 0.7):
            logprobs = (old + ratios.log()).to(dtype).requires_grad_()
            total = 0.0
            slope = torch.zeros_like(ratios)
            for row, column in mask.nonzero().tolist():
                ratio, gain = ratios[row, column].item(), advantage[row, column].item()
                near = min(max(ratio, 1 - clip), 1 + clip)
                total -= min(ratio * gain, near * gain)
                slope[row, column] = -ratio * gain * (ratio * gain <= near * gain)
            loss = ppo_loss(logprobs, old.to(dtype), advantage.to(dtype), mask, clip)
            loss.backward()
            count = mask.sum()
            torch.testing.assert_close(
                loss.detach(), torch.tensor(total / count.item(), dtype=dtype)
            )
            torch.testing.assert_close(
                logprobs.grad, (slope / count).to(dtype), atol=1e-5, rtol=1e-4
            )
    default = ppo_loss(old + ratios.log(), old, advantage, mask)
    torch.testing.assert_close(default, ppo_loss(old + ratios.log(), old, advantage, mask, 0.2))
    # END SOLUTION
