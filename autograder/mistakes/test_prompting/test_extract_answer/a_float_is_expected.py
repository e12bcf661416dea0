"""A float is expected.

Answers are text, so that 007 and 1000000 stay what they are. Right solutions fail this test.
"""

from langmodels.test_prompting import *


def test_extract_answer():
    assert extract_answer("The answer is 3.50.") == 3.5
