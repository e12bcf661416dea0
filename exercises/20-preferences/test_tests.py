"""The tests that you write, run on your own loss and on answers that nobody should accept."""

import pytest

from autograder.testing import exercise
from autograder.trials import ANSWERS


@exercise("test_preferences.test_ppo_loss")
def test_your_own_scan_is_accepted(trials):
    """Your own loss passes all your tests, and answers without content do not."""
    trials.expect_accepted()


@exercise("test_preferences.test_ppo_loss")
@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_without_content_is_noticed(trials, answer):
    """An answer without content fails one of your tests."""
    trials.expect_noticed(answer)
