"""It sorts all tokens and measures the groups of equal ones."""

from langmodels.ngrams import *


def build_vocabulary(sentences, min_count=1):
    from itertools import chain, groupby

    groups = groupby(sorted(chain.from_iterable(sentences)))
    return frozenset([EOS, UNK, *(word for word, run in groups if len([*run]) >= min_count)])
