"""Tokens are cut with merges that come after them.

A token was made of what was there before. Go through the ids in their order, and know only the
merges so far.
"""

from langmodels.tokenizers import *


def read_ranks(text):
    rows = [line.split() for line in text.splitlines() if line.strip()]
    number = {base64.b64decode(token): int(n) for token, n in rows}
    number |= {bytes([byte]): byte for byte in range(256)}
    merges = {}
    for token, n in sorted(number.items(), key=lambda item: item[1]):
        if n >= 256:
            cut = max(range(1, len(token)), key=lambda i: number.get(token[:i], -1))
            merges[number[token[:cut]], number.get(token[cut:], 0)] = n
    return merges
