"""In a run every pair of neighbours is replaced.

In a a a the middle a would be in two tokens. An id that is taken is gone.
"""

from langmodels.tokenizers import *


def merge(ids, pair, new_id):
    starts = [n for n in range(len(ids) - 1) if (ids[n], ids[n + 1]) == pair]
    inside = {n + 1 for n in starts}
    return [
        new_id if n in starts else ids[n] for n in range(len(ids)) if n in starts or n not in inside
    ]
