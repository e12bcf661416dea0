"""One well-behaved sentence is tried.

Nearly every reader gets “The answer is 7” right. What they get wrong stands around it.
"""

from langmodels.test_prompting import *


def test_extract_answer():
    assert extract_answer("The answer is 7") == "7"
