"""Losses over answers that people judged: examples that you can check by hand."""

import math

import torch

from autograder.testing import exercise, expect

EXACT_ENOUGH = 1e-6  # a few roundings of float32
LN2, LN3 = math.log(2), math.log(3)


def pair(chosen, rejected):
    """Log-probabilities of two pairs; the second pair has not moved from the reference."""
    policy = torch.tensor([chosen, -5.0]), torch.tensor([rejected, -7.0])
    return *policy, torch.tensor([-10.0, -5.0]), torch.tensor([-20.0, -7.0])


# --- dpo_loss ---------------------------------------------------------------------------------


@exercise("preferences.dpo_loss")
def test_dpo_by_hand(student):
    """With β = 1/2, up by ln 3 and down by ln 3 is a margin of ln 3: odds of three to one."""
    got = student.preferences.dpo_loss(*pair(-10 + LN3, -20 - LN3), beta=0.5)
    expect(got, torch.tensor((math.log(4 / 3) + LN2) / 2), tolerance=EXACT_ENOUGH)


@exercise("preferences.dpo_loss")
def test_dpo_with_wrong_labels(student):
    """If a quarter of the labels is wrong, a quarter of the loss is that of the other choice."""
    got = student.preferences.dpo_loss(*pair(-10 + LN3, -20 - LN3), beta=0.5, smoothing=0.25)
    expected = (0.75 * math.log(4 / 3) + 0.25 * math.log(4) + LN2) / 2
    expect(got, torch.tensor(expected), tolerance=EXACT_ENOUGH)


@exercise("preferences.dpo_loss")
def test_dpo_of_any_size(student):
    """A margin of -500, with the default β of 0.1, costs 500, not an infinity."""
    got = student.preferences.dpo_loss(*(x[:1] for x in pair(-5010.0, -20.0)))
    expect(got, torch.tensor(500.0), tolerance=EXACT_ENOUGH)


# --- ipo_loss ---------------------------------------------------------------------------------


@exercise("preferences.ipo_loss")
def test_ipo_by_hand(student):
    """With β = 1/4 a margin of 2 is enough: 3 is 1 too much, 0 is 2 too little."""
    got = student.preferences.ipo_loss(*pair(-8.0, -21.0), beta=0.25)
    expect(got, torch.tensor((1.0 + 4.0) / 2), tolerance=EXACT_ENOUGH)


@exercise("preferences.ipo_loss")
def test_ipo_has_a_goal(student):
    """With the default β of 0.1 a margin of 5 is the goal: 7 and 3 are as far from it, 4 each."""
    pairs = [torch.tensor(x) for x in ([-6.0, -8.0], [-23.0, -21.0], [-10.0] * 2, [-20.0] * 2)]
    got = student.preferences.ipo_loss(*pairs)
    expect(got, torch.tensor(4.0), tolerance=EXACT_ENOUGH)


# --- kto_loss ---------------------------------------------------------------------------------


@exercise("preferences.kto_loss")
def test_kto_by_hand(student):
    """β = 1: both rose ln 3 above KL. The good one costs 1/4, the bad one 3/4."""
    logprobs = torch.tensor([-4 + LN3, -6 + LN3])
    reference = torch.tensor([-5.0, -7.0])
    is_good = torch.tensor([True, False])
    got = student.preferences.kto_loss(logprobs, reference, is_good, 1.0, beta=1.0)
    expect(got, torch.tensor(0.5), tolerance=EXACT_ENOUGH)
    got = student.preferences.kto_loss(logprobs, reference, is_good, 1.0, 1.0, good=2.0, bad=4.0)
    expect(got, torch.tensor(1.75), given="weights of 2 and 4", tolerance=EXACT_ENOUGH)


@exercise("preferences.kto_loss")
def test_kto_before_the_first_step(student):
    """Where nothing has moved, every answer costs a half."""
    reference = torch.tensor([-5.0, -7.0, -1.0])
    is_good = torch.tensor([True, False, False])
    got = student.preferences.kto_loss(reference, reference, is_good, 0.0)
    expect(got, torch.tensor(0.5), tolerance=EXACT_ENOUGH)
