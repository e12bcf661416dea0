"""<unk> is only added when some word was too rare.

A training text without rare words says nothing about the words of the next text. Without <unk>
the model has no place for a word that it never saw.
"""

from langmodels.ngrams import *


def build_vocabulary(sentences, min_count=1):
    counts = Counter(word for sentence in sentences for word in sentence)
    vocabulary = {EOS}
    for word, count in counts.items():
        vocabulary.add(word if count >= min_count else UNK)
    return vocabulary
