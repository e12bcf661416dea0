"""Right: asks for properties, and for numbers that can be worked out by hand."""

import pytest

from langmodels import attention
from langmodels.test_attention import *


class TestAttention:
    @pytest.fixture
    def inputs(self):
        torch.manual_seed(3)
        query = torch.randn(2, 3, 5, dtype=torch.float64, requires_grad=True)
        key = torch.randn(2, 4, 5, dtype=torch.float64, requires_grad=True)
        value = torch.randn(2, 4, 6, dtype=torch.float64, requires_grad=True)
        return query, key, value

    def same(self, got, expected):
        assert torch.is_tensor(got) and got.dtype == expected.dtype
        assert got.shape == expected.shape
        assert torch.allclose(got, expected, rtol=1e-11, atol=1e-12)

    def attend(self, *inputs, **options):
        return attention.scaled_dot_product_attention(*inputs, **options)

    def test_weights_can_be_read_off_values_that_are_the_identity(self, inputs):
        query, key, _ = inputs
        weights = self.attend(query, key, torch.eye(4, dtype=torch.float64).expand(2, 4, 4))
        scores = torch.einsum("btk,bsk->bts", query, key) / 5**0.5
        self.same(weights, scores.exp() / scores.exp().sum(-1, keepdim=True))

    def test_the_answer_is_linear_in_the_values(self, inputs):
        query, key, value = inputs
        twice = self.attend(query, key, 2 * value + 1)
        self.same(twice, 2 * self.attend(query, key, value) + 1)

    def test_a_scale_of_zero_gives_the_mean(self, inputs):
        _, _, value = inputs
        mean = value.mean(-2, keepdim=True).expand(2, 3, 6)
        self.same(self.attend(*inputs, scale=0.0), mean)

    def test_a_hidden_key_may_be_anything(self, inputs):
        query, key, value = inputs
        mask = torch.tensor([True, True, True, False]).expand(3, 4)
        self.same(self.attend(*inputs, mask), self.attend(query, key[:, :3], value[:, :3]))

    def test_a_bias_of_minus_infinity_hides(self, inputs):
        mask = torch.tensor([True, False, True, True]).expand(3, 4)
        bias = torch.zeros(3, 4, dtype=torch.float64).masked_fill(~mask, -torch.inf)
        self.same(self.attend(*inputs, bias), self.attend(*inputs, mask))

    def test_everything_learns(self, inputs):
        assert torch.autograd.gradcheck(self.attend, inputs, fast_mode=True)

    def test_what_does_not_fit_is_refused(self, inputs):
        query, key, value = inputs
        with pytest.raises(ValueError):
            self.attend(query, key[..., :4], value)


def test_scaled_dot_product_attention():
    pass  # the others do it
