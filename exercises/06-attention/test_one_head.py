"""One head: from scores to weights, and from weights to a mixture of the values."""

import math

import torch

from autograder.testing import exercise, expect

LN2, LN3 = math.log(2), math.log(3)
EXACT_ENOUGH = 1e-6  # a few roundings of float32


# --- masked_softmax ---------------------------------------------------------------------------


@exercise("attention.masked_softmax")
def test_softmax_of_logarithms(student):
    """e to the power of ln 1, ln 2, ln 3 is 1, 2, 3, and their sum is 6."""
    got = student.attention.masked_softmax(torch.tensor([[0.0, LN2, LN3]]))
    expect(got, torch.tensor([[1 / 6, 2 / 6, 3 / 6]]), tolerance=EXACT_ENOUGH)


@exercise("attention.masked_softmax")
def test_what_is_hidden_gets_nothing(student):
    """Without the third key 1 and 2 are left, and their sum is 3."""
    mask = torch.tensor([[True, True, False]])
    got = student.attention.masked_softmax(torch.tensor([[0.0, LN2, LN3]]), mask)
    expect(got, torch.tensor([[1 / 3, 2 / 3, 0]]), tolerance=EXACT_ENOUGH)


@exercise("attention.masked_softmax")
def test_a_mask_of_numbers_is_added(student):
    """Adding ln 2 doubles a key's share, and adding -inf hides it."""
    mask = torch.tensor([[LN2, 0.0, -math.inf]])
    got = student.attention.masked_softmax(torch.tensor([[0.0, LN2, LN3]]), mask)
    expect(got, torch.tensor([[1 / 2, 1 / 2, 0]]), tolerance=EXACT_ENOUGH)


@exercise("attention.masked_softmax")
def test_who_may_see_nothing_gets_zeros(student):
    """The second query may see no key: its weights are zeros, not nan. e^1000 does no harm."""
    mask = torch.tensor([[True, True], [False, False]])
    got = student.attention.masked_softmax(torch.full((2, 2), 1000.0), mask)
    expect(got, torch.tensor([[1 / 2, 1 / 2], [0, 0]]), tolerance=EXACT_ENOUGH)


# --- attention_weights ------------------------------------------------------------------------

# Of width 4, so that the scores are products divided by √4 = 2. The first key gives the query
# (2 ln 3) · 1 / 2 = ln 3, the second gives it 0: weights of 3/4 and 1/4.
QUERY = torch.tensor([[2 * LN3, 0.0, 5.0, 0.0]])
KEYS = torch.tensor([[1.0, 7.0, 0.0, 0.0], [0.0, 0.0, 0.0, 9.0]])


@exercise("attention.attention_weights")
def test_weights_of_two_keys(student):
    """The scores are ln 3 and 0, so the weights are 3 to 1."""
    got = student.attention.attention_weights(QUERY, KEYS)
    expect(got, torch.tensor([[3 / 4, 1 / 4]]), tolerance=EXACT_ENOUGH)


@exercise("attention.attention_weights")
def test_another_scale(student):
    """With a scale of 1 the first score is 2 ln 3 = ln 9; with a scale of 0 all are equal."""
    got = student.attention.attention_weights(QUERY, KEYS, scale=1.0)
    expect(got, torch.tensor([[9 / 10, 1 / 10]]), tolerance=EXACT_ENOUGH)
    got = student.attention.attention_weights(QUERY, KEYS, scale=0.0)
    expect(got, torch.tensor([[1 / 2, 1 / 2]]), tolerance=EXACT_ENOUGH)


@exercise("attention.attention_weights")
def test_a_hidden_key_has_no_weight(student):
    """Where only the second key may be seen it gets everything."""
    got = student.attention.attention_weights(QUERY, KEYS, torch.tensor([[False, True]]))
    expect(got, torch.tensor([[0.0, 1.0]]), tolerance=EXACT_ENOUGH)


# --- scaled_dot_product_attention -------------------------------------------------------------

VALUES = torch.tensor([[4.0, 0.0, 1.0], [0.0, 8.0, 1.0]])


@exercise("attention.scaled_dot_product_attention")
def test_a_mixture_of_two_values(student):
    """3/4 of the first value and 1/4 of the second; what both say stays."""
    got = student.attention.scaled_dot_product_attention(QUERY, KEYS, VALUES)
    expect(got, torch.tensor([[3.0, 2.0, 1.0]]), tolerance=EXACT_ENOUGH)


@exercise("attention.scaled_dot_product_attention")
def test_a_query_that_asks_nothing_gets_the_mean(student):
    """A query of zeros finds all keys alike; where it may see one key it gets that key's value."""
    attend = student.attention.scaled_dot_product_attention
    expect(
        attend(torch.zeros(1, 4), KEYS, VALUES),
        torch.tensor([[2.0, 4.0, 1.0]]),
        tolerance=EXACT_ENOUGH,
    )
    got = attend(torch.zeros(1, 4), KEYS, VALUES, torch.tensor([[False, True]]))
    expect(got, VALUES[1:], tolerance=EXACT_ENOUGH)


@exercise("attention.scaled_dot_product_attention")
def test_another_scale_gives_another_mixture(student):
    """With a scale of 1 the weights are 9/10 and 1/10."""
    got = student.attention.scaled_dot_product_attention(QUERY, KEYS, VALUES, scale=1.0)
    expect(got, torch.tensor([[3.6, 0.8, 1.0]]), tolerance=EXACT_ENOUGH)
