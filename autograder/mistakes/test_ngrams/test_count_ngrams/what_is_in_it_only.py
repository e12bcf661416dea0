"""What should be in the table is looked up, and nothing else.

What should not be in it is the other half: n-grams across sentences, shorter ones, the bare <s>.
"""

from langmodels.test_ngrams import *


def test_count_ngrams():
    text = [["a", "b"], ["a", "a", "a"]]
    assert count_ngrams(text, 1)[("a",)] == 4
    assert count_ngrams(text, 2)["<s>", "a"] == 2
    assert count_ngrams(text, 2)["a", "a"] == 2
    assert count_ngrams(text, 3)["a", "b", "</s>"] == 1
