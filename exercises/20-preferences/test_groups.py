"""Many answers to one prompt: examples that you can check by hand."""

import math

import torch

from autograder.testing import exercise, expect

EXACT_ENOUGH = 1e-6  # a few roundings of float32


# --- group_advantages -------------------------------------------------------------------------


@exercise("preferences.group_advantages")
def test_groups_by_hand(student):
    """1, 2, 3 have the deviation 1, and so have 50, 52, 51 in their own group."""
    rewards = torch.tensor([[1.0, 2.0, 3.0], [50.0, 52.0, 51.0]])
    got = student.preferences.group_advantages(rewards, eps=1.0)
    expected = torch.tensor([[-0.5, 0.0, 0.5], [-0.5, 0.5, 0.0]])
    expect(got, expected, given="ε = 1", tolerance=EXACT_ENOUGH)


@exercise("preferences.group_advantages")
def test_a_group_of_equals(student):
    """Where all answers earn the same, none is better: zeros, not 0 divided by 0."""
    rewards = torch.tensor([[3.0, 3.0, 3.0], [0.0, 2.0, 1.0]])
    got = student.preferences.group_advantages(rewards)
    expected = torch.tensor([[0.0, 0.0, 0.0], [-1.0, 1.0, 0.0]]) / 1.0001
    expect(got, expected, tolerance=EXACT_ENOUGH)


# --- grpo_loss --------------------------------------------------------------------------------

OLD = torch.full((2, 3), -3.0)
RATIOS = torch.tensor([[1.1, 2.0, 0.5], [2.0, 9.0, 9.0]])
MASK = torch.tensor([[1, 1, 1], [1, 0, 0]]).bool()


@exercise("preferences.grpo_loss")
def test_grpo_by_hand(student):
    """A = 1: gains 1.1, 1.2, 0.5. A = -2: a gain of -4. The mean of the two answers' means."""
    logprobs = OLD + RATIOS.log()
    advantage = torch.tensor([1.0, -2.0])
    got = student.preferences.grpo_loss(logprobs, OLD, OLD, advantage, MASK, beta=0.0)
    expect(got, torch.tensor((-2.8 / 3 + 4) / 2), tolerance=EXACT_ENOUGH)


@exercise("preferences.grpo_loss")
def test_grpo_stays_near(student):
    """Without advantages only β k3 is left; the reference is twice as likely, k3 = 1 - ln 2."""
    logprobs = OLD + RATIOS.log()
    zeros = torch.zeros(2)
    reference = logprobs + math.log(2)
    got = student.preferences.grpo_loss(logprobs, OLD, reference, zeros, MASK, beta=3.0)
    expect(got, torch.tensor(3 * (1 - math.log(2))), given="β = 3", tolerance=EXACT_ENOUGH)
    got = student.preferences.grpo_loss(logprobs, OLD, reference, zeros, MASK)
    expect(got, torch.tensor(0.04 * (1 - math.log(2))), given="the default β", tolerance=1e-5)


# --- best_of_n --------------------------------------------------------------------------------


@exercise("preferences.best_of_n")
def test_best_of_two_by_hand(student):
    """Of 1, 2, 4 the pairs have the best 2, 4 and 4: 10/3 on average."""
    rewards = torch.tensor([[4.0, 1.0, 2.0], [0.0, 3.0, 0.0]])
    got = student.preferences.best_of_n(rewards, 2)
    expect(got, torch.tensor([10 / 3, 2.0]), tolerance=EXACT_ENOUGH)


@exercise("preferences.best_of_n")
def test_best_of_one_and_of_all(student):
    """The best of one is the mean, the best of all is the largest."""
    rewards = torch.tensor([[4.0, 1.0, 2.0, 9.0]])
    expect(student.preferences.best_of_n(rewards, 1), torch.tensor([4.0]), tolerance=EXACT_ENOUGH)
    expect(student.preferences.best_of_n(rewards, 4), torch.tensor([9.0]), tolerance=EXACT_ENOUGH)
