"""Every id of the pair is replaced, wherever it stands.

The pair is two neighbours. A left half without its right half stays as it is.
"""

from langmodels.tokenizers import *


def merge(ids, pair, new_id):
    merged = []
    for number in ids:
        if number not in pair:
            merged.append(number)
        elif number == pair[0]:
            merged.append(new_id)
    return merged
