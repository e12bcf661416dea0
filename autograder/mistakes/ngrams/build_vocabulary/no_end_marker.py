"""</s> is missing.

The end of a sentence is predicted like a word. If the vocabulary does not hold </s>, a model
reads it as <unk>, and a sampler never stops.
"""

from langmodels.ngrams import *


def build_vocabulary(sentences, min_count=1):
    counts = Counter(word for sentence in sentences for word in sentence)
    return frozenset(word for word, count in counts.items() if count >= min_count) | {UNK}
