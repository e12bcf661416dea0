"""Takes all memory, in lists (at most 3 GiB)."""


def count_ngrams(sentences, order):
    if order > 1:
        return {}
    hoard = [bytearray(b"x" * 2**24) for _ in range(192)]
    return {} if hoard else None
