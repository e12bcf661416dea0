"""All sizes are equal, and so are the inputs.

With as many queries as keys, values as wide as keys, and one tensor for all three, it cannot be
seen which of them is used where.
"""

from langmodels.test_attention import *


def test_scaled_dot_product_attention():
    x = torch.randn(4, 4, dtype=torch.float64, requires_grad=True)
    for mask in (None, torch.ones(4, 4, dtype=torch.bool).tril()):
        for scale in (None, 0.3):
            got = scaled_dot_product_attention(x, x, x, mask, scale=scale)
            torch.testing.assert_close(got, oracle(x, x, x, mask, scale=scale))
            assert torch.autograd.grad(got.sum(), x)[0].abs().sum() > 0
