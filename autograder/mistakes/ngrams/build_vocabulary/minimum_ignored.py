"""min_count has no effect.

Every word gets in, so no training token is ever read as <unk>, and a relative-frequency model
gives unknown words the probability 0.
"""

from langmodels.ngrams import *


def build_vocabulary(sentences, min_count=1):
    vocabulary = {EOS, UNK}
    for sentence in sentences:
        vocabulary.update(sentence)
    return vocabulary
