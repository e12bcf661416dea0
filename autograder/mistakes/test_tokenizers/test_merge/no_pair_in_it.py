"""The pair is never in the ids.

A function that does nothing passes. Have it do its work.
"""

from langmodels.test_tokenizers import *


def test_merge():
    for ids in ([], [1], [2, 1], [1, 3, 2], [3, 3, 3]):
        before = list(ids)
        assert merge(ids, (1, 2), 256) == before
        assert ids == before
