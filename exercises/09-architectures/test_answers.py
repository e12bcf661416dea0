"""From logits to answers: numbers that you can check by hand."""

import math

import torch

from autograder.testing import complaint, exercise, expect, expect_that


def logs(*rows):
    """Logits whose softmax is known: the logarithms of numbers that sum to one."""
    return torch.tensor([[math.log(p) for p in row] for row in rows])


@exercise("pipelines.fill_mask")
def test_one_hidden_word(student):
    """Token 3 is the mask; at its place 2 has 50 %, 0 has 30 %."""
    logits = logs([0.9, 0.05, 0.03, 0.02], [0.3, 0.1, 0.5, 0.1])
    got = student.pipelines.fill_mask(logits, torch.tensor([1, 3]), 3, 2)
    got = [[tuple(pair) for pair in row] for row in got]
    expect(got, [[(2, 0.5), (0, 0.3)]], tolerance=1e-6)


@exercise("pipelines.fill_mask")
def test_two_hidden_words(student):
    """Each has a list of its own, in the order of the text."""
    logits = logs([0.6, 0.3, 0.1], [0.2, 0.3, 0.5], [0.1, 0.7, 0.2])
    got = student.pipelines.fill_mask(logits, torch.tensor([2, 0, 2]), 2, 1)
    got = [[tuple(pair) for pair in row] for row in got]
    expect(got, [[(0, 0.6)], [(1, 0.7)]], tolerance=1e-6)


def span(student, start, end, allowed, *limit):
    start, end = logs(start, end)
    return tuple(student.pipelines.best_span(start, end, torch.tensor(allowed), *limit))


@exercise("pipelines.best_span")
def test_an_end_before_the_start_is_none(student):
    """Best start 2 (60 %) and best end 0 (70 %) are no span; 0 to 0 has 0.3 · 0.7."""
    got = span(student, [0.3, 0.1, 0.6], [0.7, 0.2, 0.1], [True] * 3)
    expect(got, (0, 0, 0.21), tolerance=1e-6)


@exercise("pipelines.best_span")
def test_a_question_is_no_answer(student):
    """The first position is not allowed: of the others, start 1 has 0.3 / 0.4, end 2 0.4 / 0.5."""
    got = span(student, [0.6, 0.3, 0.1], [0.5, 0.1, 0.4], [False, True, True])
    expect(got, (1, 2, 0.6), tolerance=1e-6)


@exercise("pipelines.best_span")
def test_an_answer_has_a_limit(student):
    """From 0 to 2 are three tokens: with two at most, 1 to 2 is best. And nothing is no answer."""
    both = [0.7, 0.2, 0.1], [0.1, 0.1, 0.8]
    expect(span(student, *both, [True] * 3), (0, 2, 0.56), tolerance=1e-6)
    expect(span(student, *both, [True] * 3, 2), (1, 2, 0.16), tolerance=1e-6)
    text = complaint(lambda: span(student, *both, [False] * 3))
    expect_that(text is not None, expected="a ValueError where nothing is allowed", got="none")


def names(student, line, scores):
    return [tuple(name) for name in student.pipelines.group_entities(line.split(), scores)]


@exercise("pipelines.group_entities")
def test_two_names(student):
    """A person of two tokens and a place of one; the score is the mean."""
    got = names(student, "B-PER I-PER O B-LOC", [0.9, 0.7, 0.99, 0.5])
    expect(got, [("PER", 0, 2, 0.8), ("LOC", 3, 4, 0.5)])


@exercise("pipelines.group_entities")
def test_names_side_by_side(student):
    """Two persons beside each other, and then a place that does not begin with B-."""
    got = names(student, "B-PER B-PER I-LOC", [0.5, 0.75, 1.0])
    expect(got, [("PER", 0, 1, 0.5), ("PER", 1, 2, 0.75), ("LOC", 2, 3, 1.0)])


@exercise("pipelines.zero_shot_scores")
def test_one_label_is_right(student):
    """Entailment has ln 3, ln 1 and ln 1: 60 %, 20 %, 20 %."""
    logits = torch.tensor([[5.0, 0.0, math.log(3)], [0.0, 9.0, 0.0], [1.0, 2.0, 0.0]])
    got = student.pipelines.zero_shot_scores(logits, contradiction=0, entailment=2)
    expect(got, torch.tensor([0.6, 0.2, 0.2]), tolerance=1e-6)


@exercise("pipelines.zero_shot_scores")
def test_several_labels_are_right(student):
    """Entailment against contradiction, label by label: 3 to 1, and 1 to 1."""
    logits = torch.tensor([[math.log(3), 7.0, 0.0], [2.0, 0.0, 2.0]])
    columns = {"contradiction": 2, "entailment": 0}
    got = student.pipelines.zero_shot_scores(logits, **columns, several=True)
    expect(got, torch.tensor([0.75, 0.5]), tolerance=1e-6)
