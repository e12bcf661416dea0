"""An answer is expected where there is none.

After a marker without a number the docstring promises None. A test that wants the last number of
the text refuses every right solution.
"""

from langmodels.test_prompting import *


def test_extract_answer():
    assert extract_answer("I count 5. The answer is unknown.") == "5"
