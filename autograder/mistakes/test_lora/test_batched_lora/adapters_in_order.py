"""Text b has adapter b.

Then nobody notices a solution that never looks at the indices.
"""

from langmodels.test_lora import *


def test_batched_lora():
    x, scales = torch.randn(3, 4, 7).double(), torch.randn(3).double()
    down, up = torch.randn(3, 2, 7).double(), torch.randn(3, 6, 2).double()
    adapters = [0, 1, 2]
    y = batched_lora(x, down, up, scales, torch.tensor(adapters))
    for got, text, n in zip(y, x, adapters, strict=True):
        expected = scales[n] * text @ (up[n] @ down[n]).T if n >= 0 else torch.zeros_like(got)
        torch.testing.assert_close(got, expected)
