"""A word that is seen exactly min_count times is left out.

"At least" includes the number itself. With > instead of >=, min_count = 1 already throws away
every word that occurs once, which in real text is about half of the words.
"""

from langmodels.ngrams import *


def build_vocabulary(sentences, min_count=1):
    counts = Counter(word for sentence in sentences for word in sentence)
    return {word for word, count in counts.items() if count > min_count} | {EOS, UNK}
