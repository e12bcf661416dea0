"""Every merge is tried, in the order of learning.

The result is right, but a vocabulary has fifty thousand merges and a word has few pairs. Look up
what stands in the word.
"""

from langmodels.tokenizers import *


# Only its cost is wrong.
def encode_fast(word, merges):
    ids = list(word)
    for pair, new_id in merges.items():
        ids = merge(ids, pair, new_id)
    return ids
