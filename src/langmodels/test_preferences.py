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
    raise NotImplementedError("test_preferences.test_ppo_loss")
