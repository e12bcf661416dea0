"""What a student's tests of extract_answer are worth."""

from autograder.testing import exercise


@exercise("test_prompting.test_extract_answer", weight=3)
def test_right_solutions_are_accepted(trials):
    """Right solutions pass all your tests, however they are written, and not everything does."""
    trials.expect_accepted()


@exercise("test_prompting.test_extract_answer")
def test_a_wrong_solution_is_noticed(trials, mistake):
    """A wrong solution fails one of your tests: once for each of those that are known."""
    trials.expect_noticed(mistake)
