"""</s> is dropped when there are fewer sentences than min_count.

Here </s> is counted and filtered like the words. But it is a marker, not a word of the text: it
belongs to every vocabulary, however short the text.
"""

from langmodels.ngrams import *


def build_vocabulary(sentences, min_count=1):
    counts = Counter(token for sentence in sentences for token in pad(sentence))
    words = {word for word, count in counts.items() if count >= min_count}
    return (words | {UNK}) - {BOS}
