"""The same digits are demanded.

Another order of the same sums ends in other last digits, so right solutions are rejected.
torch.testing.assert_close allows for it.
"""

from langmodels.test_preferences import *


def test_ppo_loss():
    generator = torch.Generator().manual_seed(1)
    draw = [torch.randn(5, 7, generator=generator) for _ in range(3)]
    mask = draw[2] > -0.5
    ratio = (draw[0] - draw[1]).exp()
    gain = torch.minimum(ratio * draw[2], ratio.clamp(0.8, 1.2) * draw[2])
    assert (
        ppo_loss(draw[0], draw[1], draw[2], mask).item()
        == -sum(gain[mask].tolist()) / mask.sum().item()
    )
