"""Right: a table of lists, all merged by hand."""

import pytest

from langmodels.test_tokenizers import *

TABLE = [
    ([], (1, 2), 9, []),
    ([1], (1, 1), 9, [1]),
    ([1, 2], (1, 2), 9, [9]),
    ([2, 1], (1, 2), 9, [2, 1]),
    ([1, 2, 1, 2], (1, 2), 9, [9, 9]),
    ([1, 1, 2], (1, 2), 9, [1, 9]),
    ([3, 1, 2], (1, 2), 9, [3, 9]),
    ([1, 2, 3], (1, 2), 9, [9, 3]),
    ([1, 3, 2], (1, 2), 9, [1, 3, 2]),
    ([5, 5], (5, 5), 9, [9]),
    ([5, 5, 5], (5, 5), 9, [9, 5]),
    ([5, 5, 5, 5], (5, 5), 9, [9, 9]),
    ([5, 5, 5, 5, 5], (5, 5), 9, [9, 9, 5]),
    ([1, 2, 2], (1, 2), 1, [1, 2]),
    ([1, 1, 2], (1, 2), 2, [1, 2]),
    ([300, 70000, 300], (300, 70000), 99999, [99999, 300]),
]


@pytest.mark.parametrize(("ids", "pair", "new_id", "merged"), TABLE)
def test_merge(ids, pair, new_id, merged):
    before = tuple(ids)
    assert list(merge(ids, pair, new_id)) == merged
    assert tuple(ids) == before
