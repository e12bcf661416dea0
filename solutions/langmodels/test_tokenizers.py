"""Tests of merging: the step that training and encoding are made of.

A test is a function whose name begins with test_. `pytest src/langmodels/test_tokenizers.py` runs
all of this file on your own function; graded, it runs on other people's. Add as many tests as
you like, with whatever pytest offers but files. What comes back is plain data then.
"""

import random

from langmodels.tokenizers import merge


def test_merge() -> None:
    """Fails on every wrong way to merge that you can think of, and on no right one.

    The docstring of `merge` says what is promised, and nothing else may be asked for.
    """
    # BEGIN SOLUTION
    assert merge([], (1, 2), 256) == []
    assert merge([1], (1, 1), 256) == [1]
    assert merge([1, 2, 3, 1, 2], (1, 2), 256) == [256, 3, 256]
    assert merge([1, 1, 1], (1, 1), 256) == [256, 1]
    # The new id may be an old one.
    assert merge([1, 1, 2], (1, 2), 1) == [1, 1]
    assert merge([1, 2, 2], (1, 2), 1) == [1, 2]
    rng = random.Random(1)
    for length in range(30):
        ids = rng.choices((1, 2, 12, 300), k=length)
        for pair in ((1, 2), (2, 2), (300, 12), (12, 1)):
            before = list(ids)
            # One character for each id, so that str.replace can say what is right.
            text = "".join(map(chr, ids)).replace("".join(map(chr, pair)), chr(999))
            assert merge(ids, pair, 999) == [ord(character) for character in text]
            assert ids == before
    # END SOLUTION
