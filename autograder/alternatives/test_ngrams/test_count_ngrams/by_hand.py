"""Right: small tables, all counted by hand."""

import pytest

from langmodels.test_ngrams import *

ABA = ["a", "b", "a"]
TABLES = [
    ([ABA], 1, {("a",): 2, ("b",): 1, ("</s>",): 1}),
    ([ABA], 2, {("<s>", "a"): 1, ("a", "b"): 1, ("b", "a"): 1, ("a", "</s>"): 1}),
    ([ABA], 3, {("<s>", "a", "b"): 1, ("a", "b", "a"): 1, ("b", "a", "</s>"): 1}),
    ([["a"]], 3, {("<s>", "a", "</s>"): 1}),
    ([["a"], ["a"]], 2, {("<s>", "a"): 2, ("a", "</s>"): 2}),
    ([["a", "a", "a"]], 2, {("<s>", "a"): 1, ("a", "a"): 2, ("a", "</s>"): 1}),
    ([[]], 1, {("</s>",): 1}),
    ([["a"], ["b"]], 4, {}),
    ([], 2, {}),
]


@pytest.mark.parametrize(("sentences", "order", "table"), TABLES)
def test_count_ngrams(sentences, order, table):
    before = [tuple(sentence) for sentence in sentences]
    assert dict(count_ngrams(sentences, order)) == table
    assert [tuple(sentence) for sentence in sentences] == before
