"""All words in one array with gaps between them; numpy counts."""

from langmodels.tokenizers import *


def train_bpe(word_counts, n_merges):
    ids, weights = [], []
    for word, count in word_counts.items():
        ids += [*word, -1]
        weights += [count] * (len(word) + 1)
    merges = {}
    for new_id in range(256, 256 + n_merges):
        array, weight = np.array(ids), np.array(weights)
        inside = (array[:-1] >= 0) & (array[1:] >= 0) if len(ids) else np.zeros(0, bool)
        if not inside.any():
            break
        codes = array[:-1][inside] * 2**20 + array[1:][inside]
        distinct, number = np.unique(codes, return_inverse=True)
        totals = np.bincount(number, weight[:-1][inside])
        code = int(distinct[int(totals.argmax())])  # the first of the highest is the lowest pair
        pair = divmod(code, 2**20)
        merges[pair] = new_id
        kept, kept_weights, place = [], [], 0
        while place < len(ids):
            here = tuple(ids[place : place + 2]) == pair
            kept.append(new_id if here else ids[place])
            kept_weights.append(weights[place])
            place += 1 + here
        ids, weights = kept, kept_weights
    return merges
