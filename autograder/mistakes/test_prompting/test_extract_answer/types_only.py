"""Only the type is looked at.

A text that is the wrong number is a text all the same.
"""

from langmodels.test_prompting import *


def test_extract_answer():
    assert isinstance(extract_answer("2 and 3. The answer is 5, not 6."), str)
    assert extract_answer("No number.") is None
