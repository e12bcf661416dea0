"""Experts: who is chosen, how the work is shared, and what does not fit."""

import math

import torch

from autograder.testing import exercise, expect

EXACT_ENOUGH = 1e-6  # a few roundings of float32


# --- route ------------------------------------------------------------------------------------


@exercise("transformer.route")
def test_two_of_four(student):
    """Logits of ln 3 and ln 1 are weights of 3/4 and 1/4, whatever the others are."""
    logits = torch.tensor([[-1.0, 0.0, math.log(3), -5.0], [math.log(3), -9.0, -9.0, 0.0]])
    weights, experts = student.transformer.route(logits, 2)
    expect(experts, torch.tensor([[2, 1], [0, 3]]))
    expect(weights, torch.tensor([[0.75, 0.25], [0.75, 0.25]]), tolerance=EXACT_ENOUGH)


@exercise("transformer.route")
def test_one_of_three(student):
    """With one expert a token, its weight is 1."""
    weights, experts = student.transformer.route(torch.tensor([[0.0, 5.0, 1.0]]), 1)
    expect(experts, torch.tensor([[1]]))
    expect(weights, torch.tensor([[1.0]]), tolerance=EXACT_ENOUGH)


# --- load_balance_loss ------------------------------------------------------------------------


@exercise("transformer.load_balance_loss")
def test_balanced_is_1(student):
    """Four tokens, two experts, two tokens each, all probabilities 1/2: 2 · (1/4 + 1/4)."""
    got = student.transformer.load_balance_loss(
        torch.zeros(4, 2), torch.tensor([[0], [1], [1], [0]])
    )
    expect(got, torch.tensor(1.0), tolerance=EXACT_ENOUGH)


@exercise("transformer.load_balance_loss")
def test_one_expert_for_all(student):
    """All three tokens go to expert 0, with probability 3/4: 2 · (1 · 3/4 + 0 · 1/4)."""
    logits = torch.tensor([[math.log(3), 0.0]]).repeat(3, 1)
    got = student.transformer.load_balance_loss(logits, torch.zeros(3, 1, dtype=torch.long))
    expect(got, torch.tensor(1.5), tolerance=EXACT_ENOUGH)


# --- MixtureOfExperts -------------------------------------------------------------------------


def two_experts(student, n_chosen, capacity=None):
    """Expert 0 gives silu(x₀) · x₀, expert 1 ten times as much; the gate looks at x₁."""
    layer = student.transformer.MixtureOfExperts(2, 1, 2, n_chosen, capacity=capacity)
    up = torch.tensor([[1.0, 0.0], [1.0, 0.0]])  # gate and up are both x₀
    down = torch.tensor([[1.0], [0.0]])
    state = {"gate.weight": torch.tensor([[0.0, -1.0], [0.0, 1.0]])}
    for number, factor in enumerate((1.0, 10.0)):
        state |= {
            f"experts.{number}.in_proj.weight": up,
            f"experts.{number}.out_proj.weight": factor * down,
        }
    layer.load_state_dict(state)
    return layer


# silu(30) is 30 to seven digits, so an expert gives 900, or ten times as much.
X = torch.tensor([[[30.0, -1.0], [30.0, 1.0], [30.0, 2.0]]])


@exercise("transformer.MixtureOfExperts")
def test_each_token_goes_to_its_expert(student):
    """The first token goes to expert 0, the two others to expert 1."""
    got = two_experts(student, 1)(X).detach()
    expected = torch.tensor([[[900.0, 0.0], [9000.0, 0.0], [9000.0, 0.0]]])
    expect(got, expected, tolerance=EXACT_ENOUGH)


@exercise("transformer.MixtureOfExperts")
def test_two_experts_are_weighed(student):
    """Logits of -1 and 1: expert 1 weighs 1 / (1 + e⁻²) = 0.880797 for the second token."""
    got = two_experts(student, 2)(X[:, 1:2]).detach()
    weight = 1 / (1 + math.exp(-2))
    expected = torch.tensor([[[900 * (1 - weight) + 9000 * weight, 0.0]]])
    expect(got, expected, tolerance=EXACT_ENOUGH)


@exercise("transformer.MixtureOfExperts")
def test_what_does_not_fit_is_left_out(student):
    """Three tokens, two experts: a capacity of 2/3 is one token each, and the third finds none."""
    got = two_experts(student, 1, capacity=2 / 3)(X).detach()
    expected = torch.tensor([[[900.0, 0.0], [9000.0, 0.0], [0.0, 0.0]]])
    expect(got, expected, tolerance=EXACT_ENOUGH)
