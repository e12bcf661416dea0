"""Returns mappings and sequences without end."""
# ruff: noqa: E731

import itertools
from collections.abc import Mapping, Sequence


class Endless(Mapping):
    __len__ = lambda self: 2**62
    __iter__ = lambda self: itertools.count()
    __getitem__ = lambda self, key: 1
    items = lambda self: ((n, 1) for n in itertools.count())


class Long(Sequence):
    __len__ = lambda self: 2**62
    __getitem__ = lambda self, index: index


def count_ngrams(sentences, order):
    return Endless() if order == 1 else [Long()]
