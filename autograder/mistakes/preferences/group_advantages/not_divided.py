"""The deviation is not divided out.

That is Dr. GRPO (Liu et al., 2025), another choice: it gives prompts of large differences more
weight. Here the advantages are in deviations.
"""

from langmodels.preferences import *


def group_advantages(rewards, eps=1e-4):
    return rewards - rewards.mean(1, keepdim=True)
