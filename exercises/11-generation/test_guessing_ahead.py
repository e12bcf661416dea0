"""Speculative decoding, on distributions that can be added up by hand."""

import torch

from autograder.student import read
from autograder.testing import exercise, expect

# Where the draft has 1/2, 1/4, 1/4, the target wants 1/4, 1/4, 1/2.
DRAFT = torch.tensor([[0.5, 0.25, 0.25]])
TARGET = torch.tensor([[0.25, 0.25, 0.5], [0.0, 1.0, 0.0]])


# --- verify -----------------------------------------------------------------------------------


@exercise("generation.verify")
def test_half_of_what_is_too_much_stays(student):
    """Token 0 is proposed twice as often as wanted: 0.49 keeps it, and one more comes."""
    got = student.generation.verify(TARGET, DRAFT, torch.tensor([0]), torch.tensor([0.49, 0.5]))
    expect(got, [0, 1])


@exercise("generation.verify")
def test_the_rest_takes_its_place(student):
    """0.51 rejects token 0; the target has more than the draft for token 2 only."""
    got = student.generation.verify(TARGET, DRAFT, torch.tensor([0]), torch.tensor([0.51, 0.01]))
    expect(got, [2])


@exercise("generation.verify")
def test_what_is_wanted_more_always_stays(student):
    """The target finds token 2 more probable than the draft does."""
    got = student.generation.verify(TARGET, DRAFT, torch.tensor([2]), torch.tensor([0.99, 0.5]))
    expect(got, [2, 1])


@exercise("generation.verify")
def test_target_distribution_comes_out(student):
    """In 400 cases, spread evenly, each token comes as often as the target says."""
    counts = [0, 0, 0]
    for proposed, share in enumerate([10, 5, 5]):
        for mark in range(20):
            uniform = torch.tensor([(mark + 0.5) / 20, 0.5])
            counts[
                student.generation.verify(TARGET, DRAFT, torch.tensor([proposed]), uniform)[0]
            ] += share
    expect(counts, [100, 100, 200], given="cases in which each token comes")


# --- speculate --------------------------------------------------------------------------------

CIRCLE = torch.tensor([[0.0, 9.0, 0.0], [0.0, 0.0, 9.0], [9.0, 0.0, 0.0]])  # 0 → 1 → 2 → 0
STUCK = torch.tensor([[9.0, 0.0, 0.0]] * 3)


@exercise("generation.speculate")
def test_a_perfect_draft_saves_calls(student):
    """Seven tokens by a draft that is always right, three ahead: two calls of the target."""
    target, draft = student.support.Table(CIRCLE), student.support.Table(CIRCLE)
    greedy = student.generation.Sampling(temperature=0.0)
    got = student.generation.speculate(target, draft, [0], 7, 3, greedy)
    expect(got, [1, 2, 0, 1, 2, 0, 1])
    expect(read(target, "fed"), [[1, 4], [1, 7]], given="rows and tokens of each call")


@exercise("generation.speculate")
def test_a_poor_draft_changes_nothing(student):
    """A draft that always says 0 costs time; the text is the target's."""
    target, draft = student.support.Table(CIRCLE), student.support.Table(STUCK)
    greedy = student.generation.Sampling(temperature=0.0)
    got = student.generation.speculate(target, draft, [0], 7, 3, greedy)
    expect(got, [1, 2, 0, 1, 2, 0, 1])


@exercise("generation.speculate")
def test_as_many_as_were_asked_for(student):
    """One token needs no draft; two need one proposal."""
    target, draft = student.support.Table(CIRCLE), student.support.Table(CIRCLE)
    greedy = student.generation.Sampling(temperature=0.0)
    expect(student.generation.speculate(target, draft, [2], 1, 3, greedy), [0])
    expect(student.generation.speculate(target, draft, [2], 2, 3, greedy), [0, 1])
    expect(read(draft, "fed"), [[1, 1]], given="rows and tokens of each call of the draft")
