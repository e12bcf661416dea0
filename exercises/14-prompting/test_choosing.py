"""Examples to choose from that fit on a sheet of squared paper."""

import torch

from autograder.testing import exercise, expect

# --- most_similar -----------------------------------------------------------------------------


@exercise("prompting.most_similar")
def test_the_direction_counts(student):
    """(3, 0) points as the query does; (9, 9) is larger and points elsewhere."""
    candidates = torch.tensor([[9.0, 9.0], [3.0, 0.0], [-1.0, 0.0]])
    expect(student.prompting.most_similar(torch.tensor([1.0, 0.0]), candidates, 3), [1, 0, 2])


@exercise("prompting.most_similar")
def test_zeros_are_neither_near_nor_far(student):
    """The cosine of a vector of zeros is 0, more than that of one that points away."""
    candidates = torch.tensor([[-1.0, -1.0], [0.0, 0.0], [2.0, 1.0]])
    expect(student.prompting.most_similar(torch.tensor([1.0, 1.0]), candidates, 2), [2, 1])


@exercise("prompting.most_similar")
def test_of_equals_the_first(student):
    """Candidates 1 and 2 have one direction, so they come in their order."""
    candidates = torch.tensor([[0.0, 1.0], [2.0, 0.0], [4.0, 0.0]])
    expect(student.prompting.most_similar(torch.tensor([1.0, 0.0]), candidates, 2), [1, 2])


# --- maximal_marginal_relevance ---------------------------------------------------------------

RELEVANCE = torch.tensor([0.75, 1.0, 0.5])
TWINS = torch.tensor([[1.0, 0.875, 0.0], [0.875, 1.0, 0.25], [0.0, 0.25, 1.0]])


@exercise("prompting.maximal_marginal_relevance")
def test_a_twin_has_to_wait(student):
    """After 1, candidate 0 gains (0.75 - 0.875) / 2 and candidate 2 gains (0.5 - 0.25) / 2."""
    expect(student.prompting.maximal_marginal_relevance(RELEVANCE, TWINS, 3), [1, 2, 0])


@exercise("prompting.maximal_marginal_relevance")
def test_relevance_alone(student):
    """With a trade-off of 1 the most relevant come first, twins or not."""
    got = student.prompting.maximal_marginal_relevance(RELEVANCE, TWINS, 2, trade_off=1.0)
    expect(got, [1, 0])


@exercise("prompting.maximal_marginal_relevance")
def test_no_more_than_there_are(student):
    """Of three candidates five cannot be chosen, and none is chosen twice."""
    expect(student.prompting.maximal_marginal_relevance(RELEVANCE, TWINS, 5), [1, 2, 0])


# --- compress ---------------------------------------------------------------------------------


@exercise("prompting.compress")
def test_the_most_surprising_stay_in_order(student):
    """The two largest of 1, 9, 2 and 4 stand at places 1 and 3."""
    got = student.prompting.compress(torch.tensor([1.0, 9.0, 2.0, 4.0]), 2)
    expect(got, torch.tensor([1, 3]))


@exercise("prompting.compress")
def test_some_stay_whatever_they_are(student):
    """Place 0 always stays and takes one of the two places that there are."""
    always = torch.tensor([True, False, False, False])
    got = student.prompting.compress(torch.tensor([1.0, 9.0, 2.0, 4.0]), 2, always)
    expect(got, torch.tensor([0, 1]))


@exercise("prompting.compress")
def test_equals_go_by_their_place(student):
    """Of three equal tokens the two earlier ones stay."""
    expect(student.prompting.compress(torch.tensor([3.0, 3.0, 3.0]), 2), torch.tensor([0, 1]))


# --- dpp_greedy -------------------------------------------------------------------------------


@exercise("prompting.dpp_greedy")
def test_the_largest_then_what_is_new(student):
    """After 0, candidate 1 multiplies the determinant by 4 - 16/5 and candidate 2 by 1."""
    kernel = torch.tensor([[5.0, 4.0, 0.0], [4.0, 4.0, 0.0], [0.0, 0.0, 1.0]])
    expect(student.prompting.dpp_greedy(kernel, 2), [0, 2])


@exercise("prompting.dpp_greedy")
def test_a_copy_is_never_chosen(student):
    """Two equal candidates span nothing together, so the second is not chosen even at the end."""
    kernel = torch.tensor([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 0.25]])
    expect(student.prompting.dpp_greedy(kernel, 3), [0, 2])
