"""One state-space model in two forms: examples that you can check by hand."""

import math

import torch

from autograder.measure import measured
from autograder.testing import exercise, expect, expect_that

EXACT_ENOUGH = 1e-6  # a few roundings of float32

# Position and speed of something that is pushed: h' = (0 1; 0 0) h + (0, 1) u. A has no inverse.
CART = torch.tensor([[0.0, 1.0], [0.0, 0.0]]), torch.tensor([0.0, 1.0])
# A tank that leaks: each step it loses half of what it holds.
LEAK = torch.tensor([[0.5]]), torch.tensor([1.0]), torch.tensor([2.0])
# What comes in is heard one step later, and then never again.
DELAY = torch.tensor([[0.0, 0.0], [1.0, 0.0]]), torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0])


# --- zero_order_hold --------------------------------------------------------------------------


@exercise("statespace.zero_order_hold")
def test_a_pushed_cart(student):
    """Two seconds of a push of 1: the speed grows by 2, the place by 2²/2; nothing is inverted."""
    got = student.statespace.zero_order_hold(*CART, 2.0)
    expected = torch.tensor([[1.0, 2.0], [0.0, 1.0]]), torch.tensor([2.0, 2.0])
    expect(got, expected, tolerance=EXACT_ENOUGH)


@exercise("statespace.zero_order_hold")
def test_a_leak(student):
    """h' = -h + 3u for ln 2 seconds: half of h is left, and half of the way to 3u is gone."""
    got = student.statespace.zero_order_hold(
        torch.tensor([[-1.0]]), torch.tensor([3.0]), math.log(2)
    )
    expect(got, (torch.tensor([[0.5]]), torch.tensor([1.5])), tolerance=EXACT_ENOUGH)


# --- bilinear ---------------------------------------------------------------------------------


@exercise("statespace.bilinear")
def test_a_leak_by_the_trapezoidal_rule(student):
    """h' = -h + 3u, one second: (1 - 1/2) / (1 + 1/2) = 1/3 of h is left, 3 / (1 + 1/2) comes."""
    got = student.statespace.bilinear(torch.tensor([[-1.0]]), torch.tensor([3.0]), 1.0)
    expect(got, (torch.tensor([[1 / 3]]), torch.tensor([2.0])), tolerance=EXACT_ENOUGH)


@exercise("statespace.bilinear")
def test_a_cart_by_the_trapezoidal_rule(student):
    """The speed grows by 2, the place by the mean speed: with a push of 1 for two seconds, 2."""
    got = student.statespace.bilinear(*CART, 2.0)
    expected = torch.tensor([[1.0, 2.0], [0.0, 1.0]]), torch.tensor([2.0, 2.0])
    expect(got, expected, tolerance=EXACT_ENOUGH)


# --- recurrence -------------------------------------------------------------------------------


@exercise("statespace.recurrence")
def test_a_tank_that_leaks(student):
    """Half of the old, plus the new: 1, 2½, 1¼; the output is twice that."""
    got = student.statespace.recurrence(*LEAK, torch.tensor([1.0, 2.0, 0.0]))
    expected = torch.tensor([2.0, 5.0, 2.5]), torch.tensor([1.25])
    expect(got, expected, tolerance=EXACT_ENOUGH)


@exercise("statespace.recurrence")
def test_a_delay_of_one_step(student):
    """Each row of a batch comes out one step late; the last input is still in the state."""
    inputs = torch.tensor([[5.0, 6.0, 7.0], [1.0, 0.0, 3.0]])
    expected = torch.tensor([[0.0, 5.0, 6.0], [0.0, 1.0, 0.0]])
    state = torch.tensor([[7.0, 6.0], [3.0, 0.0]])
    got = student.statespace.recurrence(*DELAY, inputs)
    expect(got, (expected, state), tolerance=EXACT_ENOUGH)
    # It goes on from there.
    got = student.statespace.recurrence(*DELAY, torch.tensor([[8.0], [9.0]]), state)
    expected = torch.tensor([[7.0], [3.0]]), torch.tensor([[8.0, 7.0], [9.0, 3.0]])
    expect(got, expected, tolerance=EXACT_ENOUGH)


# --- convolution_kernel -----------------------------------------------------------------------


@exercise("statespace.convolution_kernel")
def test_what_a_tank_keeps(student):
    """2, and half of it at each step."""
    got = student.statespace.convolution_kernel(*LEAK, 4)
    expect(got, torch.tensor([2.0, 1.0, 0.5, 0.25]), tolerance=EXACT_ENOUGH)


@exercise("statespace.convolution_kernel")
def test_the_kernel_of_a_delay(student):
    """Nothing now, 1 a step later, then nothing; and a kernel of one number is one number."""
    got = student.statespace.convolution_kernel(*DELAY, 4)
    expect(got, torch.tensor([0.0, 1.0, 0.0, 0.0]), tolerance=EXACT_ENOUGH)
    got = student.statespace.convolution_kernel(*LEAK, 1)
    expect(got, torch.tensor([2.0]), tolerance=EXACT_ENOUGH)


# --- causal_convolution -----------------------------------------------------------------------


@exercise("statespace.causal_convolution")
def test_two_numbers_and_three(student):
    """1·3, then 1·4 + 2·3, then 1·5 + 2·4: nothing of 2·5 comes round to the beginning."""
    got = student.statespace.causal_convolution(
        torch.tensor([3.0, 4.0, 5.0]), torch.tensor([1.0, 2.0])
    )
    expect(got, torch.tensor([3.0, 10.0, 13.0]), tolerance=EXACT_ENOUGH)


@exercise("statespace.causal_convolution")
def test_a_kernel_for_each_row(student):
    """The first row comes a step late, the second is added up; the kernel is longer than both."""
    inputs = torch.tensor([[3.0, 4.0, 5.0], [3.0, 4.0, 5.0]])
    kernel = torch.tensor([[0.0, 1.0, 0.0, 0.0, 0.0], [1.0, 1.0, 1.0, 1.0, 1.0]])
    expected = torch.tensor([[0.0, 3.0, 4.0], [3.0, 7.0, 12.0]])
    got = student.statespace.causal_convolution(inputs, kernel)
    expect(got, expected, tolerance=EXACT_ENOUGH)


@exercise("statespace.causal_convolution")
def test_no_square_of_steps(student):
    """1000 steps with a kernel of 1000: no tensor of 1000 · 1000 numbers, no matrix products."""
    ones = torch.ones(1000)
    with measured(student) as cost:
        student.statespace.causal_convolution(ones, ones)
    expect_that(
        cost.largest <= 10_000 and cost.flops <= 100_000,
        expected="no tensor of more than 10 000 numbers, no more than 100 000 operations",
        got=f"one of {cost.largest} numbers, {cost.flops} operations",
        given="a signal and a kernel of 1000 numbers",
    )
