"""Computes for ever where no signal handler of Python gets a turn: a regular expression."""

import re


def count_ngrams(sentences, order):
    if order > 1:
        return {}
    return {re.match("(a|a)*b|(a|a)*c", "a" * 64): order}
