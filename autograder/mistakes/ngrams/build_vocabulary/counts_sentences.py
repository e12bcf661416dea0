"""It counts the sentences that hold a word, not how often the word occurs.

A word said five times in one sentence was seen five times. The number of sentences is another
statistic, the document frequency that search engines use.
"""

from langmodels.ngrams import *


def build_vocabulary(sentences, min_count=1):
    counts = Counter(word for sentence in sentences for word in set(sentence))
    return {word for word, count in counts.items() if count >= min_count} | {EOS, UNK}
