"""No call has a mask or a scale.

What is never given may be forgotten. The mask is what makes a language model of attention, and the
first argument that a wrapper loses.
"""

from langmodels.test_attention import *


def test_scaled_dot_product_attention():
    sizes = [(3, 5), (4, 5), (4, 6)]
    inputs = [torch.randn(2, *size, dtype=torch.float64, requires_grad=True) for size in sizes]
    got, expected = scaled_dot_product_attention(*inputs), oracle(*inputs)
    torch.testing.assert_close(got, expected)
    torch.testing.assert_close(
        torch.autograd.grad(got.square().sum(), inputs),
        torch.autograd.grad(expected.square().sum(), inputs),
    )
