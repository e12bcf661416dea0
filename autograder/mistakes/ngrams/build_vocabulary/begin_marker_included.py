"""<s> is in the vocabulary.

The vocabulary is what can be predicted, and nothing ever predicts <s>. One more word makes V too
large, and smoothing hands probability to an event that cannot happen.
"""

from langmodels.ngrams import *


def build_vocabulary(sentences, min_count=1):
    counts = Counter(word for sentence in sentences for word in sentence)
    words = {word for word, count in counts.items() if count >= min_count}
    return words | {BOS, EOS, UNK}
