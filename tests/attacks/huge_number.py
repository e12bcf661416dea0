"""Returns whole numbers so long that reading or showing them takes minutes."""


def count_ngrams(sentences, order):
    return {("</s>",): 10**4299} if order == 1 else 1 << 80_000_000
