"""A word has to occur min_count times within a single sentence.

The counts start anew with each sentence. A word that occurs in every sentence, but once in
each, would count as rare.
"""

from langmodels.ngrams import *


def build_vocabulary(sentences, min_count=1):
    words = {EOS, UNK}
    for sentence in sentences:
        counts = Counter(sentence)
        words |= {word for word in counts if counts[word] >= min_count}
    return words
