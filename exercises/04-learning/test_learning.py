"""A loss, its gradient, and the steps that follow, in numbers that you can check by hand."""

import math

import torch

from autograder.testing import exercise, expect

LN2, LN3, LN6 = math.log(2), math.log(3), math.log(6)
EXACT_ENOUGH = 1e-6  # a few roundings of float32


# --- log_softmax ------------------------------------------------------------------------------


@exercise("learning.log_softmax")
def test_logarithms_of_sixths(student):
    """e to the power of ln 1, ln 2, ln 3 is 1, 2, 3, and their sum is 6."""
    got = student.learning.log_softmax(torch.tensor([[0.0, LN2, LN3]]))
    expect(got, torch.tensor([[-LN6, LN2 - LN6, LN3 - LN6]]), tolerance=EXACT_ENOUGH)


@exercise("learning.log_softmax")
def test_large_logits(student):
    """e^1000 is no float, but two equal logits have a half each, and -1000 beside 0 has e^-1000."""
    got = student.learning.log_softmax(torch.tensor([[1000.0, 1000.0], [-1000.0, 0.0]]))
    expect(got, torch.tensor([[-LN2, -LN2], [-1000.0, 0.0]]), tolerance=EXACT_ENOUGH)


# --- cross_entropy ----------------------------------------------------------------------------

# Probabilities of 1/6, 2/6, 3/6 and of 1/4, 3/4, 0.
LOGITS = torch.tensor([[0.0, LN2, LN3], [0.0, LN3, -math.inf]])


@exercise("learning.cross_entropy")
def test_mean_of_two_targets(student):
    """The targets have 3/6 and 1/4: the mean of ln 2 and ln 4."""
    got = student.learning.cross_entropy(LOGITS, torch.tensor([2, 0]))
    expect(got, torch.tensor(1.5 * LN2), tolerance=EXACT_ENOUGH)


@exercise("learning.cross_entropy")
def test_an_ignored_target_does_not_count(student):
    """Only the first target counts, so the loss is ln 2; where none counts it is 0."""
    got = student.learning.cross_entropy(LOGITS, torch.tensor([2, -100]))
    expect(got, torch.tensor(LN2), tolerance=EXACT_ENOUGH)
    got = student.learning.cross_entropy(LOGITS, torch.tensor([2, 0]), 0)
    expect(got, torch.tensor(LN2), tolerance=EXACT_ENOUGH)
    expect(student.learning.cross_entropy(LOGITS, torch.tensor([-100, -100])), torch.tensor(0.0))


# --- softmax_regression_gradients -------------------------------------------------------------


@exercise("learning.softmax_regression_gradients")
def test_softmax_less_what_was_true(student):
    """Three equal logits: the errors are 1/3 - 1 at the target and 1/3 elsewhere."""
    x, weight = torch.tensor([[3.0, 6.0]]), torch.zeros(3, 2)
    grad_x, grad_weight = student.learning.softmax_regression_gradients(
        x, weight, torch.tensor([1])
    )
    expect(grad_weight, torch.tensor([[1.0, 2.0], [-2.0, -4.0], [1.0, 2.0]]), tolerance=1e-6)
    expect(grad_x, torch.zeros(1, 2))


@exercise("learning.softmax_regression_gradients")
def test_what_comes_back_to_x(student):
    """The logits are 0 and ln 3, the errors 1/4 and 3/4 - 1: -1/4 times the second row of W."""
    x, weight = torch.tensor([[1.0, 0.0]]), torch.tensor([[0.0, 8.0], [LN3, 0.0]])
    grad_x, grad_weight = student.learning.softmax_regression_gradients(
        x, weight, torch.tensor([1])
    )
    expect(grad_x, torch.tensor([[-LN3 / 4, 2.0]]), tolerance=EXACT_ENOUGH)
    expect(grad_weight, torch.tensor([[0.25, 0.0], [-0.25, 0.0]]), tolerance=EXACT_ENOUGH)


# --- clip_gradients ---------------------------------------------------------------------------


@exercise("learning.clip_gradients")
def test_three_and_four_make_five(student):
    """The common norm of (3, 0) and 4 is 5. At most 1: both are divided by 5."""
    gradients = [torch.tensor([3.0, 0.0]), torch.tensor(4.0)]
    got, norm = student.learning.clip_gradients(gradients, 1.0)
    expect(norm, 5.0, tolerance=EXACT_ENOUGH)
    expect(got, [torch.tensor([0.6, 0.0]), torch.tensor(0.8)], tolerance=EXACT_ENOUGH)


@exercise("learning.clip_gradients")
def test_what_is_short_enough_stays(student):
    """A norm of 5 where 10 is allowed is left as it is."""
    gradients = [torch.tensor([3.0, 0.0]), torch.tensor(4.0)]
    got, norm = student.learning.clip_gradients(gradients, 10.0)
    expect(norm, 5.0, tolerance=EXACT_ENOUGH)
    expect(got, gradients)


# --- warmup_cosine ----------------------------------------------------------------------------


@exercise("learning.warmup_cosine")
def test_a_whole_schedule(student):
    """Up in quarters to 8, down along a cosine to 2 at step 8, half of the way at step 6."""
    got = [student.learning.warmup_cosine(step, 8, 4, 8.0, 2.0) for step in range(10)]
    quarter = 3 * math.cos(math.pi / 4)  # a quarter of the way: 5 + 3 cos 45°
    expect(got, [2.0, 4.0, 6.0, 8.0, 8.0, 5 + quarter, 5.0, 5 - quarter, 2.0, 2.0])


@exercise("learning.warmup_cosine")
def test_without_a_warm_up(student):
    """The first step has the highest rate at once."""
    got = [student.learning.warmup_cosine(step, 2, 0, 1.0, 0.0) for step in range(3)]
    expect(got, [1.0, 0.5, 0.0])


# --- adamw_step -------------------------------------------------------------------------------

PLAIN = {"lr": 0.5, "betas": (0.5, 0.75), "eps": 0.0, "decay": 0.0}


@exercise("learning.adamw_step")
def test_the_first_step_is_as_long_for_all(student):
    """Corrected, m is g and v is g²: the step is lr in the direction of the sign."""
    weight, gradient = torch.tensor([1.0, 1.0]), torch.tensor([4.0, -0.25])
    got, (t, m, v) = student.learning.adamw_step(weight, gradient, **PLAIN)
    expect(got, torch.tensor([0.5, 1.5]), tolerance=EXACT_ENOUGH)
    expect(t, 1)
    expect(m, torch.tensor([2.0, -0.125]))
    expect(v, torch.tensor([4.0, 0.015625]))


@exercise("learning.adamw_step")
def test_the_second_step(student):
    """m = 3 and v = 7, corrected 3 / (3/4) = 4 and 7 / (7/16) = 16: the step is lr · 4 / √16."""
    moments = (1, torch.tensor([2.0]), torch.tensor([4.0]))
    got, (t, m, v) = student.learning.adamw_step(
        torch.tensor([1.0]), torch.tensor([4.0]), moments, **PLAIN
    )
    expect(got, torch.tensor([0.5]), tolerance=EXACT_ENOUGH)
    expect([t, m, v], [2, torch.tensor([3.0]), torch.tensor([7.0])])


@exercise("learning.adamw_step")
def test_decay_is_of_the_weight(student):
    """With a gradient of 0 the weight loses lr · decay of itself, and ε saves from 0 / 0."""
    got, (_, m, v) = student.learning.adamw_step(
        torch.tensor([8.0]), torch.tensor([0.0]), lr=0.5, decay=0.25
    )
    expect(got, torch.tensor([7.0]), tolerance=EXACT_ENOUGH)
    expect([m, v], [torch.tensor([0.0]), torch.tensor([0.0])])
