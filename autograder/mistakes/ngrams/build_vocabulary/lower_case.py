"""Words are changed to lower case.

Whether "Be" and "be" are the same word was decided when the text was cut into tokens. Changed
here only, the vocabulary misses the words that the text really contains, and they become <unk>.
"""

from langmodels.ngrams import *


def build_vocabulary(sentences, min_count=1):
    counts = Counter(word.lower() for sentence in sentences for word in sentence)
    return {word for word, count in counts.items() if count >= min_count} | {EOS, UNK}
