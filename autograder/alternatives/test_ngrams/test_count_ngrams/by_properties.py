"""Right: totals, sums and renamed words, which hold of any text."""

import pytest

from langmodels import ngrams
from langmodels.test_ngrams import *

TEXT = [["the", "cat", "sat"], ["the", "the", "the", "end"], [], ["cat"]]


class TestCounts:
    @pytest.fixture(params=[1, 2, 3, 4])
    def order(self, request):
        return request.param

    def count(self, sentences, order):
        return dict(ngrams.count_ngrams(sentences, order))

    def test_there_is_a_window_for_each_place_where_it_fits(self, order):
        for sentence in TEXT:
            windows = max(0, len(sentence) + 2 - order + 1) - (order == 1)
            assert sum(self.count([sentence], order).values()) == windows

    def test_each_window_stands_in_the_sentence(self, order):
        for sentence in TEXT:
            padded = ("<s>", *sentence, "</s>")
            for window, times in self.count([sentence], order).items():
                starts = [n for n in range(len(padded)) if padded[n : n + order] == window]
                assert isinstance(window, tuple)
                assert len(window) == order
                assert len(starts) == times

    def test_counts_of_sentences_add_up(self, order):
        total = {}
        for sentence in TEXT:
            for window, times in self.count([sentence], order).items():
                total[window] = total.get(window, 0) + times
        assert self.count(TEXT, order) == total

    def test_the_sentences_stay_as_they_are(self, order):
        text = [[*sentence] for sentence in TEXT]
        self.count(text, order)
        assert text == TEXT

    def test_the_begin_is_no_event(self):
        assert ("<s>",) not in self.count(TEXT, 1)


def test_count_ngrams():
    pass  # the others do it
