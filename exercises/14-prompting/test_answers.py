"""Labels and answers, with numbers that can be done in the head."""

import math

import torch

from autograder.student import read
from autograder.testing import exercise, expect

CLOSE = 1e-6

# --- label_scores -----------------------------------------------------------------------------


@exercise("prompting.label_scores")
def test_a_sum_of_logarithms(student):
    """After 1 the label 2 3 has a half, and the label 3 1 2 a half of a quarter of a half."""
    model = student.support.Table(student.support.halves())
    got = student.prompting.label_scores(model, [3, 1], [[2, 3], [3, 1, 2]], normalise=False)
    expect(got, torch.tensor([math.log(1 / 2), math.log(1 / 16)]), tolerance=CLOSE)


@exercise("prompting.label_scores")
def test_a_mean_over_each_label(student):
    """Normalised, the sums are divided by two tokens and by three."""
    model = student.support.Table(student.support.halves())
    got = student.prompting.label_scores(model, [3, 1], [[2, 3], [3, 1, 2]])
    expect(got, torch.tensor([math.log(1 / 2) / 2, math.log(1 / 16) / 3]), tolerance=CLOSE)


@exercise("prompting.label_scores")
def test_one_call_for_all_labels(student):
    """Three labels are three rows of one call."""
    model = student.support.Table(student.support.halves())
    got = student.prompting.label_scores(model, [1], [[2], [3, 3], [3]])
    expected = [math.log(1 / 2), math.log(1 / 8) / 2, math.log(1 / 2)]
    expect(got, torch.tensor(expected), tolerance=CLOSE)
    expect([rows for rows, _ in read(model, "fed")], [3], given="rows of each call")


# --- calibrate --------------------------------------------------------------------------------


@exercise("prompting.calibrate")
def test_a_habit_is_taken_out(student):
    """0.6 of a label that it gives 0.75 anyway is less than 0.4 of one that it gives 0.25."""
    got = student.prompting.calibrate(torch.tensor([0.6, 0.4]), torch.tensor([0.75, 0.25]))
    expect(got, torch.tensor([1 / 3, 2 / 3]), tolerance=CLOSE)


@exercise("prompting.calibrate")
def test_each_row_sums_to_one(student):
    """Two inputs, each divided by the same prior and by its own sum."""
    probabilities = torch.tensor([[0.5, 0.5], [0.8, 0.2]])
    got = student.prompting.calibrate(probabilities, torch.tensor([0.8, 0.2]))
    expect(got, torch.tensor([[0.2, 0.8], [0.5, 0.5]]), tolerance=CLOSE)


# --- order_entropy ----------------------------------------------------------------------------


@exercise("prompting.order_entropy")
def test_three_orders(student):
    """One calls all the same, one splits in halves, one in a half and two quarters."""
    predictions = torch.tensor([[2, 2, 2, 2], [0, 1, 1, 0], [1, 0, 2, 1]])
    got = student.prompting.order_entropy(predictions, 3)
    expect(got, torch.tensor([0.0, 1.0, 1.5]), tolerance=CLOSE)


@exercise("prompting.order_entropy")
def test_four_labels_have_two_bits(student):
    """Four labels, each as often, are two bits."""
    got = student.prompting.order_entropy(torch.tensor([[3, 1, 0, 2]]), 4)
    expect(got, torch.tensor([2.0]), tolerance=CLOSE)


# --- extract_answer ---------------------------------------------------------------------------


@exercise("prompting.extract_answer")
def test_after_the_marker(student):
    """The first number after the marker counts, not the last of the text."""
    expect(student.prompting.extract_answer("3 and 4. The answer is 7, not 8."), "7")


@exercise("prompting.extract_answer")
def test_without_a_marker(student):
    """Without a marker the last number counts, without its commas and the full stop."""
    expect(student.prompting.extract_answer("From 12 it grows to 1,250.50."), "1250.50")


@exercise("prompting.extract_answer")
def test_a_minus_and_a_subtraction(student):
    """A minus belongs to its number, unless a digit stands before it."""
    got = [student.prompting.extract_answer(text) for text in ("It is -5.", "7-3", "x = 2 -6")]
    expect(got, ["-5", "3", "-6"])


@exercise("prompting.extract_answer")
def test_no_number_no_answer(student):
    """Where no number comes after the marker there is no answer, whatever comes before it."""
    expect(student.prompting.extract_answer("I saw 5. The answer is unknown."), None)
