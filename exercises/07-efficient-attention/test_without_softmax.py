"""Linear attention: examples that you can check by hand.

φ(x) = elu(x) + 1 is x + 1 for positive x, so that φ(0), φ(1), φ(2) are 1, 2, 3; for negative x it
is e to the power of x, so that φ(-ln 2) = 1/2.
"""

import math

import torch

from autograder.measure import measured
from autograder.testing import exercise, expect, expect_that

LN2 = math.log(2)
EXACT_ENOUGH = 1e-6  # a few roundings of float32

# Everything has width 1, so that φ(q) is above and below the line, and goes.
KEYS = torch.tensor([[0.0], [1.0], [2.0]])
VALUES = torch.tensor([[6.0], [12.0], [0.0]])
QUERIES = torch.tensor([[0.0], [3.0], [-1.0]])


# --- linear_attention -------------------------------------------------------------------------


@exercise("efficient_attention.linear_attention")
def test_weights_of_one_two_three(student):
    """(1 · 6 + 2 · 12 + 3 · 0) / (1 + 2 + 3) = 5, for every query."""
    got = student.efficient_attention.linear_attention(QUERIES[:2], KEYS, VALUES)
    expect(got, torch.tensor([[5.0], [5.0]]), tolerance=EXACT_ENOUGH)


@exercise("efficient_attention.linear_attention")
def test_weights_of_two_features(student):
    """φ(q) is (1, 2), the φ(k) are (1, 1) and (2, 1/2): both weights are 3."""
    query, key = torch.tensor([[0.0, 1.0]]), torch.tensor([[0.0, 0.0], [1.0, -LN2]])
    value = torch.tensor([[8.0, 1.0, 0.0], [0.0, 1.0, 6.0]])
    got = student.efficient_attention.linear_attention(query, key, value)
    expect(got, torch.tensor([[4.0, 1.0, 3.0]]), tolerance=EXACT_ENOUGH)


@exercise("efficient_attention.linear_attention")
def test_the_values_so_far(student):
    """6, then (6 + 24) / 3, then (6 + 24 + 0) / 6, however the chunks are cut."""
    for chunk in (1, 2, 3, 64):
        got = student.efficient_attention.linear_attention(
            QUERIES, KEYS, VALUES, causal=True, chunk=chunk
        )
        expect(got, torch.tensor([[6.0], [10.0], [5.0]]), tolerance=EXACT_ENOUGH)


@exercise("efficient_attention.linear_attention")
def test_no_square_of_weights(student):
    """400 · 400 weights are 160 000, and 16 · 16 sums for each position are 102 400."""
    inputs = [torch.ones(400, 16) for _ in range(3)]
    for causal in (False, True):
        with measured(student) as cost:
            student.efficient_attention.linear_attention(*inputs, causal=causal)
        expect_that(
            cost.largest <= 40000,
            expected="no tensor of more than 40 000 numbers",
            got=f"one of {cost.largest}",
            given=f"400 positions of width 16, causal={causal}",
        )


# --- linear_attention_step --------------------------------------------------------------------


def token(number):
    return QUERIES[number], KEYS[number], VALUES[number]


@exercise("efficient_attention.linear_attention_step")
def test_the_first_token(student):
    """φ(k) = 1 and v = 6: the sums are 6 and 1, and the output is 6 / 1."""
    got = student.efficient_attention.linear_attention_step(None, *token(0))
    expected = (torch.tensor([[6.0]]), torch.tensor([1.0])), torch.tensor([6.0])
    expect(got, expected, tolerance=EXACT_ENOUGH)


@exercise("efficient_attention.linear_attention_step")
def test_the_second_token(student):
    """φ(k) = 2 and v = 12: the sums are 6 + 24 and 1 + 2, and the output is 30 / 3."""
    state = torch.tensor([[6.0]]), torch.tensor([1.0])
    got = student.efficient_attention.linear_attention_step(state, *token(1))
    expected = (torch.tensor([[30.0]]), torch.tensor([3.0])), torch.tensor([10.0])
    expect(got, expected, tolerance=EXACT_ENOUGH)


@exercise("efficient_attention.linear_attention_step")
def test_a_state_of_two_features_and_three_values(student):
    """φ(k) = (1, 2): a row of sums for each feature, a column for each value."""
    key, value = torch.tensor([0.0, 1.0]), torch.tensor([3.0, 4.0, 5.0])
    got = student.efficient_attention.linear_attention_step(None, key, key, value)
    products = torch.tensor([[3.0, 4.0, 5.0], [6.0, 8.0, 10.0]])
    expect(got, ((products, torch.tensor([1.0, 2.0])), value), tolerance=EXACT_ENOUGH)
