"""Rank where it is needed: a budget, what is important, and who stays."""

import torch

from autograder.testing import exercise, expect

EXACT_ENOUGH = 1e-6  # a few roundings of float32


@exercise("lora.rank_budget")
def test_budget_before_and_after(student):
    """Twelve ranks in the warm-up of 2 steps, four in the last 3 of 9."""
    got = [student.lora.rank_budget(step, 9, 12, 4, 2, 3) for step in (0, 1, 2, 6, 7, 8)]
    expect(got, [12, 12, 12, 4, 4, 4])


@exercise("lora.rank_budget")
def test_budget_falls_like_a_cube(student):
    """Halfway from 12 to 4 an eighth of the 8 is left."""
    expect(student.lora.rank_budget(4, 9, 12, 4, 2, 3), 5)
    expect(student.lora.rank_budget(3, 9, 12, 4, 2, 3), 7)  # 4 + 8 · 27/64 = 7.375


@exercise("lora.Importance")
def test_first_step(student):
    """With both β at 1/2 and s = 8: S = 4, U = 2."""
    importance = student.lora.Importance(0.5, 0.5)
    got = importance.update(torch.tensor([2.0, -2.0, 0.0]), torch.tensor([4.0, 4.0, 9.0]))
    expect(got, torch.tensor([8.0, 8.0, 0.0]), tolerance=EXACT_ENOUGH)


@exercise("lora.Importance")
def test_second_step_remembers(student):
    """Then s = 0: S = 2, U = 1/2 · 2 + 1/2 · 2."""
    importance = student.lora.Importance(0.5, 0.5)
    importance.update(torch.tensor([2.0]), torch.tensor([4.0]))
    got = importance.update(torch.tensor([2.0]), torch.tensor([0.0]))
    expect(got, torch.tensor([4.0]), tolerance=EXACT_ENOUGH)


@exercise("lora.allocate")
def test_the_best_of_all_layers_stay(student):
    """Of three ranks in each of two layers the best three are all in one, but for one."""
    scores = [torch.tensor([0.5, 0.1, 0.2]), torch.tensor([0.9, 0.8, 0.4])]
    got = student.lora.allocate(scores, 3)
    expect(got, [torch.tensor([True, False, False]), torch.tensor([True, True, False])])


@exercise("lora.allocate")
def test_equal_scores_keep_the_budget(student):
    """Of four equal scores the first two stay."""
    got = student.lora.allocate([torch.ones(1), torch.ones(3)], 2)
    expect(got, [torch.tensor([True]), torch.tensor([True, False, False])])
