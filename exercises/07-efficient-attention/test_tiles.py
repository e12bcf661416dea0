"""Softmax and attention piece by piece: examples that you can check by hand."""

import math

import torch

from autograder.measure import measured
from autograder.testing import exercise, expect, expect_that

LN2, LN3, LN4 = math.log(2), math.log(3), math.log(4)
INF = math.inf
EXACT_ENOUGH = 1e-6  # a few roundings of float32


# --- online_softmax ---------------------------------------------------------------------------


@exercise("efficient_attention.online_softmax")
def test_a_row_in_three_pieces(student):
    """e to the power of 0, ln 2, ln 3, ln 4 is 1, 2, 3, 4: divided by the largest, 10/4 in all."""
    pieces = [[[0.0, LN2]], [[LN3]], [[LN4]]]
    got = student.efficient_attention.online_softmax([torch.tensor(piece) for piece in pieces])
    expect(got, (torch.tensor([LN4]), torch.tensor([2.5])), tolerance=EXACT_ENOUGH)


@exercise("efficient_attention.online_softmax")
def test_the_largest_score_comes_first_or_last(student):
    """Row 1 falls and row 2 rises; each of them holds ln 4 once and 0 twice: 1 + 1/4 + 1/4."""
    blocks = [torch.tensor([[LN4], [0.0]]), torch.tensor([[0.0, 0.0], [0.0, LN4]])]
    got = student.efficient_attention.online_softmax(blocks)
    expect(got, (torch.tensor([LN4, LN4]), torch.tensor([1.5, 1.5])), tolerance=EXACT_ENOUGH)


@exercise("efficient_attention.online_softmax")
def test_no_power_overflows(student):
    """e to the power of 1000 is too large for any float; 1000 occurs 3 times in this row."""
    blocks = [torch.tensor([[1000.0, 1000.0]]), torch.tensor([[-1000.0]]), torch.tensor([[1000.0]])]
    got = student.efficient_attention.online_softmax(blocks)
    expect(got, (torch.tensor([1000.0]), torch.tensor([3.0])))


@exercise("efficient_attention.online_softmax")
def test_hidden_scores_count_for_nothing(student):
    """The first row begins with hidden scores, the second one has no others."""
    blocks = [torch.tensor([[-INF, -INF], [-INF, -INF]]), torch.tensor([[7.0, 7.0], [-INF, -INF]])]
    got = student.efficient_attention.online_softmax(blocks)
    expect(got, (torch.tensor([7.0, -INF]), torch.tensor([2.0, 0.0])))


# --- tiled_attention --------------------------------------------------------------------------

# Of width 4, so that the scores are products divided by √4 = 2: the first key gives the query
# (2 ln 3) · 1 / 2 = ln 3, the second gives it 0. So the weights are 3/4 and 1/4, and the softmax
# has divided by 3 + 1 = 4.
QUERY = torch.tensor([[2 * LN3, 0.0, 5.0, 0.0]])
KEYS = torch.tensor([[1.0, 7.0, 0.0, 0.0], [0.0, 0.0, 0.0, 9.0]])
VALUES = torch.tensor([[4.0, 0.0, 1.0], [0.0, 8.0, 1.0]])


@exercise("efficient_attention.tiled_attention")
def test_two_keys_in_one_tile_or_two(student):
    """3/4 of the first value and 1/4 of the second, however the tiles are cut; and ln 4."""
    for block in (1, 2, 128):
        got = student.efficient_attention.tiled_attention(QUERY, KEYS, VALUES, block=block)
        expected = torch.tensor([[3.0, 2.0, 1.0]]), torch.tensor([LN4])
        expect(got, expected, tolerance=EXACT_ENOUGH)


# Queries of zeros find all keys alike: they take the mean of the values that they see, and the
# softmax divides by how many those are.
MANY = torch.tensor([[2.0], [4.0], [9.0]])


@exercise("efficient_attention.tiled_attention")
def test_the_last_query_stands_at_the_last_key(student):
    """Of two queries and three keys the first query sees two keys, the second one all three."""
    expected = torch.tensor([[3.0], [5.0]]), torch.tensor([LN2, LN3])
    for block in (1, 2, 3):
        got = student.efficient_attention.tiled_attention(
            torch.zeros(2, 4), torch.zeros(3, 4), MANY, causal=True, block=block
        )
        expect(got, expected, tolerance=EXACT_ENOUGH)


@exercise("efficient_attention.tiled_attention")
def test_a_query_without_keys(student):
    """Of two queries and one key the first query stands before the key: 0, and -inf."""
    got = student.efficient_attention.tiled_attention(
        torch.zeros(2, 4), torch.zeros(1, 4), MANY[:1], causal=True
    )
    expect(got, (torch.tensor([[0.0], [2.0]]), torch.tensor([-INF, 0.0])))


@exercise("efficient_attention.tiled_attention")
def test_no_more_than_a_tile_is_alive(student):
    """400 · 400 scores are 160 000; with tiles of 40 · 40 there are 1600 at a time."""
    inputs = [torch.ones(400, 4) for _ in range(3)]
    with measured(student) as cost:
        student.efficient_attention.tiled_attention(*inputs, block=40)
    expect_that(
        cost.largest <= 3200,
        expected="no tensor of more than 3200 numbers",
        got=f"one of {cost.largest}",
        given="400 queries and keys of width 4, in tiles of 40",
    )


# --- tiled_attention_backward -----------------------------------------------------------------

# One query, two keys, all of width 1, and a scale of 1. The scores are 1 · ln 3 and 1 · 0, so the
# weights P are 3/4 and 1/4, the output is 3/4 · 4 = 3, and the softmax has divided by 4.
#
#     The gradient of the output is 1, so that of the values is P, and that of the weights is
#     dP = 1 · (4, 0), the values. Of the scores it is P · (dP - 3), that is 3/4 · 1 and 1/4 · -3.
#     The query gets 3/4 · ln 3 - 3/4 · 0, the keys get 3/4 · 1 and -3/4 · 1.
BEFORE = {
    "grad": torch.tensor([[1.0]]),
    "query": torch.tensor([[1.0]]),
    "key": torch.tensor([[LN3], [0.0]]),
    "value": torch.tensor([[4.0], [0.0]]),
    "out": torch.tensor([[3.0]]),
    "log_total": torch.tensor([LN4]),
}
D_KEY = torch.tensor([[3 / 4], [-3 / 4]])
D_VALUE = torch.tensor([[3 / 4], [1 / 4]])


@exercise("efficient_attention.tiled_attention_backward")
def test_gradients_of_one_query_and_two_keys(student):
    """The numbers above the test, in one tile and in two."""
    expected = torch.tensor([[3 / 4 * LN3]]), D_KEY, D_VALUE
    for block in (1, 2):
        got = student.efficient_attention.tiled_attention_backward(
            *BEFORE.values(), scale=1.0, block=block
        )
        expect(got, expected, tolerance=EXACT_ENOUGH)


@exercise("efficient_attention.tiled_attention_backward")
def test_gradients_with_a_scale(student):
    """Half the query with twice the scale: the scores stay, the query's gradient is doubled."""
    inputs = BEFORE | {"query": torch.tensor([[1 / 2]])}
    got = student.efficient_attention.tiled_attention_backward(*inputs.values(), scale=2.0)
    expect(got, (torch.tensor([[3 / 2 * LN3]]), D_KEY, D_VALUE), tolerance=EXACT_ENOUGH)


@exercise("efficient_attention.tiled_attention_backward")
def test_gradients_of_values_that_are_shared(student):
    """Queries of zeros: the first sees value 1 only, the second one half of each."""
    for block in (1, 2):
        value = torch.tensor([[2.0], [4.0]], requires_grad=True)
        out = student.efficient_attention.flash_attention(
            torch.zeros(2, 4), torch.zeros(2, 4), value, causal=True, block=block
        )
        out.sum().backward()
        given = "the gradient of the values"
        expected = torch.tensor([[1 + 1 / 2], [1 / 2]])
        expect(value.grad, expected, given=given, tolerance=EXACT_ENOUGH)
