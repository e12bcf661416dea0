"""Tests of counting: the first thing that every model of this chapter builds on.

A test is a function whose name begins with test_. `pytest src/langmodels/test_ngrams.py` runs all
of this file on your own function; graded, it runs on other people's. Add as many tests as you
like, with whatever pytest offers but files. What comes back is plain data then: a Counter is a
dict.
"""

import random
from collections import Counter
from copy import deepcopy

from langmodels.ngrams import count_ngrams


def test_count_ngrams() -> None:
    """Fails on every wrong way to count that you can think of, and on no right one.

    Lists of sentences may be as small as you like; the docstring of `count_ngrams` says what is
    promised, and nothing else may be asked for.
    """
    # BEGIN SOLUTION
    by_hand = {("<s>", "a"): 1, ("a", "a"): 1, ("a", "</s>"): 1}
    assert count_ngrams([["a", "a"]], 2) == by_hand
    assert count_ngrams([["a"]], 1) == {("a",): 1, ("</s>",): 1}
    assert count_ngrams([["a"]], 4) == {}
    rng = random.Random(1)
    for order in (1, 2, 3, 5):
        # Two words only, so that much occurs twice; sentences from empty to longer than n.
        sentences = [rng.choices("ab", k=length) for length in (0, 1, 2, 3, 8, 8)]
        before = deepcopy(sentences)
        expected: Counter[tuple[str, ...]] = Counter()
        for sentence in sentences:
            padded = ["<s>", *sentence, "</s>"]
            expected.update(zip(*(padded[i:] for i in range(order)), strict=False))
        expected.pop(("<s>",), None)
        assert count_ngrams(sentences, order) == expected
        assert sentences == before  # the next order finds them as they were
    # END SOLUTION
