"""Returns an answer nested so deep that whoever reads it recurses to death."""


def count_ngrams(sentences, order):
    deep = []
    for _ in range(100_000):
        deep = [deep]
    return deep
