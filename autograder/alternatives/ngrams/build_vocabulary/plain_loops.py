"""Plain loops and a dict; the result is a set that can be changed."""

from langmodels.ngrams import *


def build_vocabulary(sentences, min_count=1):
    seen = {}
    for sentence in sentences:
        for word in sentence:
            seen[word] = seen.get(word, 0) + 1
    vocabulary = set()
    for word in seen:
        if seen[word] >= min_count:
            vocabulary.add(word)
    vocabulary.add("</s>")
    vocabulary.add("<unk>")
    return vocabulary
