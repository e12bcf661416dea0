"""Right: what comes back can be undone, holds no pair, and takes runs from the left."""

import itertools

from langmodels.test_tokenizers import *


def undone(ids, pair, new_id):
    return [n for number in ids for n in (pair if number == new_id else (number,))]


class TestMerge:
    def test_it_can_be_undone_and_nothing_is_left(self):
        rng = random.Random(7)
        for length in (*range(12), 50):
            for pair in ((1, 2), (2, 1), (1, 1)):
                ids = [rng.randint(1, 3) for _ in range(length)]
                before = ids[:]
                answer = list(merge(ids, pair, 900))
                assert ids == before
                assert undone(answer, pair, 900) == before
                assert pair not in list(itertools.pairwise(answer))

    def test_runs_are_taken_from_the_left(self):
        for n in range(10):
            assert list(merge([4] * n, (4, 4), 900)) == [900] * (n // 2) + [4] * (n % 2)

    def test_the_new_id_may_be_an_old_one(self):
        assert list(merge([1, 2, 2, 3], (1, 2), 1)) == [1, 2, 3]
        assert list(merge([1, 1, 2], (1, 2), 2)) == [1, 2]


def test_merge():
    pass  # the others do it
