"""The beginning of the sentence is not counted.

Without <s> as context the model cannot know which words open a sentence, and the first word of
each sentence is the only one that nothing predicts.
"""

from langmodels.ngrams import *


def count_ngrams(sentences, order):
    counts = Counter()
    for sentence in sentences:
        tokens = [*sentence, EOS]
        counts.update(tuple(tokens[i : i + order]) for i in range(len(tokens) - order + 1))
    return counts
