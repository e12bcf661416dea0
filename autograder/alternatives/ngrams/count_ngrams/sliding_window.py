"""A window that slides over the tokens: the oldest token falls out as a new one comes in."""

from langmodels.ngrams import *


def count_ngrams(sentences, order):
    from collections import deque

    counts = defaultdict(int)
    for sentence in sentences:
        window = deque([BOS], maxlen=order)
        for token in [*sentence, EOS]:
            window.append(token)
            if len(window) == order:
                counts[tuple(window)] += 1
    return counts
