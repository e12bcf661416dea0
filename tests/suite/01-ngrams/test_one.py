"""A suite of one test, with which tests/test_grade.py grades broken code quickly."""

from autograder.testing import exercise, expect


@exercise("ngrams.count_ngrams")
def test_counts_pairs(student):
    """Pairs are counted."""
    expected = {("<s>", "a"): 1, ("a", "</s>"): 1}
    expect(student.ngrams.count_ngrams([["a"]], 2), expected)


@exercise("ngrams.MaximumLikelihood")
def test_divides_by_the_total(student):
    """Probabilities are relative frequencies."""
    model = student.ngrams.MaximumLikelihood([["a"], ["b"]], 2)
    expect(model.prob("a", ["<s>"]), 0.5)
