"""Shared keys, windows and buckets: examples that you can check by hand."""

import math

import torch

from autograder.measure import measured
from autograder.testing import exercise, expect, expect_that

LN3 = math.log(3)
EXACT_ENOUGH = 1e-6  # a few roundings of float32


# --- grouped_query_attention ------------------------------------------------------------------

# A batch of 1, four query heads with a single query each, two heads of keys with two keys each.
# Everything has width 1, so that there is nothing to scale.
KEYS = torch.tensor([[[[1.0], [0.0]], [[0.0], [1.0]]]])
VALUES = torch.tensor([[[[10.0], [20.0]], [[30.0], [40.0]]]])


def four_heads(*numbers):
    return torch.tensor(numbers).reshape(1, 4, 1, 1)


@exercise("efficient_attention.grouped_query_attention")
def test_neighbours_share_keys(student):
    """Queries of 0 find both keys alike: heads 1 and 2 take the mean of 10 and 20."""
    got = student.efficient_attention.grouped_query_attention(torch.zeros(1, 4, 1, 1), KEYS, VALUES)
    expect(got, four_heads(15.0, 15.0, 35.0, 35.0), tolerance=EXACT_ENOUGH)


@exercise("efficient_attention.grouped_query_attention")
def test_each_head_asks_its_own_question(student):
    """A query of ln 3 meets the key 1: three times the weight of the other one."""
    query = four_heads(0.0, LN3, 0.0, LN3)
    got = student.efficient_attention.grouped_query_attention(query, KEYS, VALUES)
    expect(got, four_heads(15.0, 12.5, 35.0, 37.5), tolerance=EXACT_ENOUGH)


@exercise("efficient_attention.grouped_query_attention")
def test_each_head_has_its_own_mask(student):
    """Heads 1 and 3 see the first key, heads 2 and 4 the second one."""
    mask = torch.tensor([[True, False], [False, True]] * 2).reshape(1, 4, 1, 2)
    query = torch.zeros(1, 4, 1, 1)
    got = student.efficient_attention.grouped_query_attention(query, KEYS, VALUES, mask)
    expect(got, four_heads(10.0, 20.0, 30.0, 40.0), tolerance=EXACT_ENOUGH)


@exercise("efficient_attention.grouped_query_attention")
def test_shared_keys_are_not_copied(student):
    """100 keys of width 8 are 800 numbers; for each of 8 query heads they would be 6400."""
    query, key = torch.ones(1, 8, 1, 8), torch.ones(1, 1, 100, 8)
    with measured(student) as cost:
        student.efficient_attention.grouped_query_attention(query, key, key)
    expect_that(
        cost.largest <= 1600,
        expected="no tensor of more than 1600 numbers",
        got=f"one of {cost.largest}",
        given="8 query heads that share 100 keys of width 8",
    )


# --- sliding_window_attention -----------------------------------------------------------------

# Queries of zeros find all keys alike: they take the mean of the values that they see.
NOTHING = torch.zeros(5, 4)
ODD = torch.tensor([[1.0], [3.0], [5.0], [7.0], [9.0]])


@exercise("efficient_attention.sliding_window_attention")
def test_a_window_of_two(student):
    """Each position and the one before it; the first one has none before it."""
    got = student.efficient_attention.sliding_window_attention(NOTHING, NOTHING, ODD, 2)
    expected = torch.tensor([[1.0], [2.0], [4.0], [6.0], [8.0]])
    expect(got, expected, tolerance=EXACT_ENOUGH)


@exercise("efficient_attention.sliding_window_attention")
def test_windows_of_one_and_of_everything(student):
    """A window of 1 gives the values back, one of 9 the mean of all values so far."""
    attend = student.efficient_attention.sliding_window_attention
    expect(attend(NOTHING, NOTHING, ODD, 1), ODD, tolerance=EXACT_ENOUGH)
    expected = torch.tensor([[1.0], [2.0], [3.0], [4.0], [5.0]])
    expect(attend(NOTHING, NOTHING, ODD, 9), expected, tolerance=EXACT_ENOUGH)


@exercise("efficient_attention.sliding_window_attention")
def test_weights_within_a_window(student):
    """The second key has three times the weight of its neighbours, and the third sees no first."""
    query = torch.tensor([[0.0], [LN3], [LN3]])
    key = torch.tensor([[0.0], [1.0], [0.0]])
    value = torch.tensor([[4.0], [8.0], [0.0]])
    got = student.efficient_attention.sliding_window_attention(query, key, value, 2)
    expect(got, torch.tensor([[4.0], [7.0], [6.0]]), tolerance=EXACT_ENOUGH)


@exercise("efficient_attention.sliding_window_attention")
def test_a_window_needs_no_square(student):
    """400 · 400 scores are 160 000; with a window of 10 about 8000 numbers will do."""
    inputs = [torch.ones(400, 4) for _ in range(3)]
    with measured(student) as cost:
        student.efficient_attention.sliding_window_attention(*inputs, 10)
    expect_that(
        cost.largest <= 20000,
        expected="no tensor of more than 20 000 numbers",
        got=f"one of {cost.largest}",
        given="400 positions of width 4, a window of 10",
    )


# --- axial_positions --------------------------------------------------------------------------


@exercise("efficient_attention.axial_positions")
def test_two_rows_of_three(student):
    """Positions 0 to 2 are in the first row, 3 to 5 in the second; each at its column."""
    rows = torch.tensor([[1.0], [2.0]])
    columns = torch.tensor([[10.0, 11.0], [20.0, 21.0], [30.0, 31.0]])
    expected = torch.tensor(
        [
            [1.0, 10.0, 11.0],
            [1.0, 20.0, 21.0],
            [1.0, 30.0, 31.0],
            [2.0, 10.0, 11.0],
            [2.0, 20.0, 21.0],
            [2.0, 30.0, 31.0],
        ]
    )
    expect(student.efficient_attention.axial_positions(rows, columns), expected)


@exercise("efficient_attention.axial_positions")
def test_a_thousand_positions(student):
    """Position 765 of 25 rows of 40 is in row 19, at column 5: 19 · 40 + 5 = 765."""
    rows, columns = torch.arange(25.0)[:, None], torch.arange(40.0)[:, None]
    got = student.efficient_attention.axial_positions(rows, columns)
    is_table = torch.is_tensor(got) and got.shape == (1000, 2)
    expect_that(is_table, expected="1000 vectors of width 2", got=got)
    expect(got[765], torch.tensor([19.0, 5.0]), given="position 765 of 25 rows of 40")


# --- lsh_buckets ------------------------------------------------------------------------------

# Two directions, along the axes, and their opposites: buckets 0 and 1, and 2 and 3.
AXES = torch.eye(2)


@exercise("efficient_attention.lsh_buckets")
def test_four_directions(student):
    """Right, up, left and down, roughly."""
    x = torch.tensor([[3.0, 1.0], [1.0, 3.0], [-3.0, 1.0], [1.0, -3.0]])
    expect(student.efficient_attention.lsh_buckets(x, AXES), torch.tensor([0, 1, 2, 3]))


@exercise("efficient_attention.lsh_buckets")
def test_length_does_not_matter(student):
    """Vectors of the same direction meet, however long they are."""
    x = torch.tensor([[[-0.001, 0.002], [-1000.0, 2000.0]], [[0.004, 0.003], [4000.0, 3000.0]]])
    expect(student.efficient_attention.lsh_buckets(x, AXES), torch.tensor([[1, 1], [0, 0]]))


# --- lsh_attention ----------------------------------------------------------------------------


@exercise("efficient_attention.lsh_attention")
def test_two_buckets(student):
    """Sorted they are 1, 3 and 0, 2: position 3 sees 1, and 2 sees 0; the others see themselves."""
    query, value = torch.ones(4, 3), torch.tensor([[10.0], [20.0], [30.0], [40.0]])
    buckets = torch.tensor([7, 5, 7, 5])
    got = student.efficient_attention.lsh_attention(query, value, buckets, 2)
    expected = torch.tensor([[10.0], [20.0], [10.0], [20.0]])
    expect(got, expected, tolerance=EXACT_ENOUGH)


@exercise("efficient_attention.lsh_attention")
def test_one_bucket_in_chunks(student):
    """In chunks of 1 each position sees the one before it, in chunks of 2 up to three more."""
    query, value = torch.ones(4, 3), torch.tensor([[10.0], [20.0], [60.0], [90.0]])
    attend = student.efficient_attention.lsh_attention
    got = attend(query, value, torch.zeros(4, dtype=torch.int64), 1)
    expected = torch.tensor([[10.0], [10.0], [20.0], [60.0]])
    expect(got, expected, tolerance=EXACT_ENOUGH)
    got = attend(query, value, torch.zeros(4, dtype=torch.int64), 2)
    expected = torch.tensor([[10.0], [10.0], [15.0], [30.0]])
    expect(got, expected, tolerance=EXACT_ENOUGH)


@exercise("efficient_attention.lsh_attention")
def test_keys_are_unit_vectors(student):
    """The keys of 5 and -7 are 1 and -1; a query of ln 3 has the scores ln 3 and -ln 3: 9 to 1."""
    query, value = torch.tensor([[5.0], [-7.0], [LN3]]), torch.tensor([[10.0], [20.0], [30.0]])
    got = student.efficient_attention.lsh_attention(query, value, torch.tensor([0, 0, 0]), 3)
    expect(got, torch.tensor([[10.0], [10.0], [11.0]]), tolerance=EXACT_ENOUGH)
