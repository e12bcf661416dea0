"""Equal to the last bit is demanded.

Sums in another order round in another way. Solutions that are just as right differ in the last
digits, so a test must leave these open: a relative 10⁻¹⁰ in float64, for instance.
"""

from langmodels.test_attention import *


def test_scaled_dot_product_attention():
    generator = torch.Generator().manual_seed(1)

    def normal(*shape):
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    query, key, value = (normal(2, n, 16).requires_grad_() for n in (30, 50, 50))
    for mask in (None, normal(30, 50) > -1, normal(30, 50)):
        for scale in (None, 0.3):
            got = scaled_dot_product_attention(query, key, value, mask, scale=scale)
            weights = (query * (16**-0.5 if scale is None else scale)) @ key.mT
            if mask is not None:
                hides = mask.dtype == torch.bool
                weights = weights.masked_fill(~mask, -torch.inf) if hides else weights + mask
            expected = weights.softmax(-1) @ value
            assert torch.equal(got, expected)
