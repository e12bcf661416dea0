"""The tests that you write, run on your own function and on answers that nobody should accept."""

import pytest

from autograder.testing import exercise
from autograder.trials import ANSWERS


@exercise("test_prompting.test_extract_answer")
def test_your_own_function_is_accepted(trials):
    """Your own function passes all your tests, and answers without content do not."""
    trials.expect_accepted()


@exercise("test_prompting.test_extract_answer")
@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_without_content_is_noticed(trials, answer):
    """An answer without content fails one of your tests."""
    trials.expect_noticed(answer)
