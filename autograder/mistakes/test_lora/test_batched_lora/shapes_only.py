"""Only shapes are looked at.

Nearly every mistake gives the right shape: another one's adapter, no scale, a forgotten -1.
"""

from langmodels.test_lora import *


def test_batched_lora():
    y = batched_lora(
        torch.randn(3, 4, 7),
        torch.randn(2, 2, 7),
        torch.randn(2, 6, 2),
        torch.ones(2),
        torch.tensor([1, 0, -1]),
    )
    assert y.shape == (3, 4, 6)
