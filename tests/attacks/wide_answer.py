"""Returns as many small things as possible: little to send, much to unpack and to show."""


def count_ngrams(sentences, order):
    return {(str(n),): 1 for n in range(100_000)} if order == 1 else [[]] * 900_000
