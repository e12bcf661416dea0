"""How long a state remembers, and what of it: examples that you can check by hand."""

import math

import torch

from autograder.testing import exercise, expect

EXACT_ENOUGH = 1e-6  # a few roundings of float32
ROOT3, ROOT5, ROOT15 = (math.sqrt(n) for n in (3, 5, 15))


# --- time_constants ---------------------------------------------------------------------------


@exercise("statespace.time_constants")
def test_shrinking_by_1_over_e(student):
    """1/√e a step takes two steps; 1/e, turning round by a quarter, one; what is gone took none."""
    two, one = math.exp(-0.5), math.exp(-1)
    a_bar = torch.tensor([[two, 7.0, 0, 0], [0, 0, -one, 0], [0, one, 0, 0], [0, 0, 0, 0]])
    got = student.statespace.time_constants(a_bar)
    expect(got, torch.tensor([0.0, 1.0, 1.0, 2.0]), tolerance=1e-5)


@exercise("statespace.time_constants")
def test_what_never_shrinks(student):
    """A mode that stays as it is, and one that doubles, are never at 1/e."""
    got = student.statespace.time_constants(torch.tensor([[-1.0, 0.0], [0.0, 2.0]]))
    expect(got, torch.tensor([math.inf, math.inf]))


# --- hippo_legs -------------------------------------------------------------------------------


@exercise("statespace.hippo_legs")
def test_three_by_three(student):
    """-1, -2, -3 on the diagonal, roots of products of odd numbers below, nothing above."""
    a = torch.tensor([[-1, 0, 0], [-ROOT3, -2, 0], [-ROOT5, -ROOT15, -3]])
    expect(
        student.statespace.hippo_legs(3),
        (a, torch.tensor([1.0, ROOT3, ROOT5])),
        tolerance=EXACT_ENOUGH,
    )


@exercise("statespace.hippo_legs")
def test_in_float64(student):
    """The dtype that is asked for."""
    expected = torch.tensor([[-1.0]]).double(), torch.tensor([1.0]).double()
    expect(student.statespace.hippo_legs(1, torch.float64), expected)


# --- legs_compress ----------------------------------------------------------------------------


@exercise("statespace.legs_compress")
def test_a_single_number(student):
    """For ones and N = 1: 2/3, then (1 - 1/4)/(1 + 1/4) · 2/3 + (1/2)/(1 + 1/4) = 4/5."""
    for length, expected in [(1, 2 / 3), (2, 4 / 5), (3, 6 / 7)]:
        got = student.statespace.legs_compress(torch.ones(length), 1)
        expect(got, torch.tensor([expected]), tolerance=EXACT_ENOUGH)


@exercise("statespace.legs_compress")
def test_one_step_of_two_numbers(student):
    """(1 - A/2)⁻¹ B with A = (-1 0; -√3 -2): 2/3, and √3 (1 - 1/3) / 2 = √3/3; for 6, six times."""
    got = student.statespace.legs_compress(torch.tensor([[1.0], [6.0]]), 2)
    expected = torch.tensor([[2 / 3, ROOT3 / 3], [4.0, 2 * ROOT3]])
    expect(got, expected, tolerance=EXACT_ENOUGH)


# --- legs_reconstruct -------------------------------------------------------------------------


@exercise("statespace.legs_reconstruct")
def test_a_level_and_a_slope(student):
    """Four steps lie at -3/4, -1/4, 1/4, 3/4: the first number is the level, the second a slope."""
    got = student.statespace.legs_reconstruct(torch.tensor([5.0, 4.0 / ROOT3]), 4)
    expect(got, torch.tensor([2.0, 4.0, 6.0, 8.0]), tolerance=EXACT_ENOUGH)
    got = student.statespace.legs_reconstruct(torch.tensor([[5.0], [1.0]]), 2)
    expect(got, torch.tensor([[5.0, 5.0], [1.0, 1.0]]), tolerance=EXACT_ENOUGH)


@exercise("statespace.legs_reconstruct")
def test_a_parabola(student):
    """P_2 = (3x² - 1) / 2 at -1/2 and 1/2 is -1/8; its factor is √5."""
    got = student.statespace.legs_reconstruct(torch.tensor([0.0, 0.0, 8.0]), 2)
    expect(got, torch.tensor([-ROOT5, -ROOT5]), tolerance=EXACT_ENOUGH)


# --- s4d_kernel -------------------------------------------------------------------------------

LN2 = math.log(2)


@exercise("statespace.s4d_kernel")
def test_a_real_pole(student):
    """a = -1, Δ = ln 2: powers of 1/2, times c (1/2 - 1) / -1 = c/2, twice; two channels."""
    a, c = -torch.ones(2, 1) + 0j, torch.tensor([[3.0 + 0j], [8.0 + 5j]])
    got = student.statespace.s4d_kernel(a, c, torch.tensor([LN2, 2 * LN2]), 3)
    expected = torch.tensor([[3.0, 1.5, 0.75], [12.0, 3.0, 0.75]])
    expect(got, expected, tolerance=EXACT_ENOUGH)


@exercise("statespace.s4d_kernel")
def test_a_pole_that_turns(student):
    """a = iπ/2, Δ = 1: powers i, -1, -i; with a weight of 1 the kernel is a wave of period four."""
    a = torch.tensor([[0.5j * math.pi]])
    c = a / (1j - 1)  # so that c (exp(Δa) - 1) / a is 1
    got = student.statespace.s4d_kernel(a, c, torch.tensor([1.0]), 5)
    expect(got, torch.tensor([[2.0, 0.0, -2.0, 0.0, 2.0]]), tolerance=EXACT_ENOUGH)


# --- S4D --------------------------------------------------------------------------------------


def layer(student):
    """Two channels of one number: a = -1, Δ = ln 2, c = 1 and 2; skip 0 and 10."""
    s4d = student.statespace.S4D(2, 1)
    s4d.load_state_dict(
        {
            "log_step": torch.full((2,), math.log(LN2)),
            "log_decay": torch.zeros(2, 1),
            "frequency": torch.zeros(2, 1),
            "c": torch.tensor([[[1.0, 0.0]], [[2.0, 0.0]]]),
            "skip": torch.tensor([0.0, 10.0]),
        }
    )
    return s4d


X = torch.tensor([[[1.0, 0.0], [2.0, 1.0], [0.0, 1.0]]])
# The kernels are 1, 1/2, 1/4 and 2, 1, 1/2.
Y = torch.tensor([[[1.0, 0.0], [2.5, 12.0], [1.25, 13.0]]])


@exercise("statespace.S4D")
def test_layer_by_hand(student):
    """The two channels have kernels of their own; the second adds ten times its input."""
    expect(layer(student)(X).detach(), Y, tolerance=EXACT_ENOUGH)


@exercise("statespace.S4D")
def test_layer_step_by_step(student):
    """The same numbers one step after another; half the state goes, half the input comes."""
    s4d, state = layer(student), None
    for t, expected in enumerate([[0.5, 0.0], [1.25, 0.5], [0.625, 0.75]]):
        y, state = s4d.step(X[:, t], state)
        expect(y.detach(), Y[:, t], tolerance=EXACT_ENOUGH)
        got = torch.view_as_real(state.detach())
        wanted = torch.tensor([[[[part, 0.0]] for part in expected]])
        expect(got, wanted, tolerance=EXACT_ENOUGH)
