"""Positions: waves, buckets, penalties and rotations, small enough to write out."""

import math

import torch

from autograder.testing import exercise, expect

NEARLY = 1e-5  # angles in float32


# --- sinusoidal_positions ---------------------------------------------------------------------


@exercise("transformer.sinusoidal_positions")
def test_position_0_is_0_1_0_1(student):
    """All angles of position 0 are 0: sines of 0, cosines of 1, in turn."""
    got = student.transformer.sinusoidal_positions(torch.tensor([0]), 4)
    expect(got, torch.tensor([[0.0, 1.0, 0.0, 1.0]]), tolerance=NEARLY)


@exercise("transformer.sinusoidal_positions")
def test_the_second_pair_is_slower(student):
    """With base 100 and width 4 the first pair turns by 1 a position, the second by 1/10."""
    got = student.transformer.sinusoidal_positions(torch.tensor([3, 5]), 4, base=100.0)
    rows = [[math.sin(p), math.cos(p), math.sin(p / 10), math.cos(p / 10)] for p in (3, 5)]
    expect(got, torch.tensor(rows), tolerance=NEARLY)


# --- relative_buckets -------------------------------------------------------------------------


@exercise("transformer.relative_buckets")
def test_near_keys_have_buckets_of_their_own(student):
    """Of 16 buckets 8 look back, and 4 of these are for the distances 0, 1, 2, 3."""
    distances = torch.tensor([0, -1, -2, -3, 1, 2, 3])
    got = student.transformer.relative_buckets(distances, 16, 64)
    expect(got, torch.tensor([0, 1, 2, 3, 9, 10, 11]))


@exercise("transformer.relative_buckets")
def test_far_keys_share(student):
    """From 4 to 64 every bucket reaches twice as far as the one before."""
    distances = torch.tensor([-5, -7, -9, -15, -20, -30, -40, -1000, 5, 9, 20, 1000])
    got = student.transformer.relative_buckets(distances, 16, 64)
    expect(got, torch.tensor([4, 4, 5, 5, 6, 6, 7, 7, 12, 13, 14, 15]))


@exercise("transformer.relative_buckets")
def test_in_one_direction(student):
    """All 8 buckets look back; later keys are as far as the query itself."""
    distances = torch.tensor([[2, 1, 0], [-1, -3, -5], [-9, -20, -99]])
    got = student.transformer.relative_buckets(distances, 8, 64, bidirectional=False)
    expect(got, torch.tensor([[0, 0, 0], [1, 3, 4], [5, 6, 7]]))


# --- alibi_bias -------------------------------------------------------------------------------


@exercise("transformer.alibi_bias")
def test_two_heads_over_three_tokens(student):
    """The slopes of two heads are 2⁻⁴ and 2⁻⁸; what is later is hidden."""
    inf = math.inf
    steps = torch.tensor([[0.0, -inf, -inf], [-1.0, 0.0, -inf], [-2.0, -1.0, 0.0]])
    got = student.transformer.alibi_bias(3, 3, 2)
    expect(got, torch.stack([steps / 16, steps / 256]), tolerance=NEARLY)


@exercise("transformer.alibi_bias")
def test_one_new_token(student):
    """A single query stands at the last of four keys."""
    got = student.transformer.alibi_bias(1, 4, 1)
    expect(got, torch.tensor([[[-3.0, -2.0, -1.0, 0.0]]]) / 256, tolerance=NEARLY)


@exercise("transformer.alibi_bias")
def test_three_heads(student):
    """Two have the slopes of two heads, the third the first slope of four."""
    got = student.transformer.alibi_bias(1, 2, 3)
    expected = torch.tensor([[[-1 / 16, 0.0]], [[-1 / 256, 0.0]], [[-1 / 4, 0.0]]])
    expect(got, expected, tolerance=NEARLY)


# --- rotary_angles ----------------------------------------------------------------------------


@exercise("transformer.rotary_angles")
def test_the_first_pair_turns_by_one(student):
    """A head of width 2 has one pair: position p is turned by p."""
    got = student.transformer.rotary_angles(torch.tensor([0, 2]), 2)
    cos = torch.tensor([[[1.0, 1.0], [math.cos(2), math.cos(2)]]])
    sin = torch.tensor([[[0.0, 0.0], [math.sin(2), math.sin(2)]]])
    expect(list(got), [cos, sin], tolerance=NEARLY)


@exercise("transformer.rotary_angles")
def test_both_halves_have_the_same_angles(student):
    """With base 100 and width 4: 5, 0.5, 5, 0.5 at position 5, with an axis for the heads."""
    got = student.transformer.rotary_angles(torch.tensor([[5]]), 4, base=100.0)
    angles = torch.tensor([[[[5.0, 0.5, 5.0, 0.5]]]])
    expect(list(got), [angles.cos(), angles.sin()], tolerance=NEARLY)


# --- rotate -----------------------------------------------------------------------------------


@exercise("transformer.rotate")
def test_a_quarter_turn(student):
    """(1, 0) becomes (0, 1), and (0, 1) becomes (-1, 0)."""
    x = torch.tensor([[[[1.0, 0.0], [0.0, 1.0]]]])
    quarter = torch.zeros(1, 1, 2, 2), torch.ones(1, 1, 2, 2)
    got = student.transformer.rotate(x, quarter)
    expect(got, torch.tensor([[[[0.0, 1.0], [-1.0, 0.0]]]]), tolerance=NEARLY)


@exercise("transformer.rotate")
def test_pairs_are_half_a_head_apart(student):
    """Of 1, 2, 3, 4 the pairs are (1, 3) and (2, 4); only the second is turned here."""
    x = torch.tensor([[[[1.0, 2.0, 3.0, 4.0]]]])
    cos, sin = torch.tensor([[[[1.0, 0.0, 1.0, 0.0]]]]), torch.tensor([[[[0.0, 1.0, 0.0, 1.0]]]])
    got = student.transformer.rotate(x, (cos, sin))
    expect(got, torch.tensor([[[[1.0, -4.0, 3.0, 2.0]]]]), tolerance=NEARLY)


# --- scaled_rotary_angles ---------------------------------------------------------------------


@exercise("transformer.scaled_rotary_angles")
def test_twice_as_far_in_half_steps(student):
    """Linear with factor 2: position 6 has the angles of position 3."""
    got = student.transformer.scaled_rotary_angles(
        torch.tensor([6]), 4, base=100.0, factor=2.0, method="linear"
    )
    angles = torch.tensor([[[3.0, 0.3, 3.0, 0.3]]])
    expect(list(got), [angles.cos(), angles.sin()], tolerance=NEARLY)


@exercise("transformer.scaled_rotary_angles")
def test_only_the_slow_pair_is_slower(student):
    """NTK with factor 2 and width 4: the base is four times as large, the slow pair takes half."""
    got = student.transformer.scaled_rotary_angles(
        torch.tensor([6]), 4, base=100.0, factor=2.0, method="ntk"
    )
    angles = torch.tensor([[[6.0, 0.3, 6.0, 0.3]]])
    expect(list(got), [angles.cos(), angles.sin()], tolerance=NEARLY)
