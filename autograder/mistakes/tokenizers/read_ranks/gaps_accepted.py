"""A missing id is not noticed.

A download that was cut off, or a line that was lost, gives other tokens for most texts. Ids count
0, 1, 2, …
"""

from langmodels.tokenizers import *


def read_ranks(text):
    rows = [line.split() for line in text.splitlines() if line.strip()]
    tokens = {int(number): base64.b64decode(token) for token, number in rows}
    merges = {}
    for number in sorted(tokens):
        token = tokens[number]
        if number < 256:
            if len(token) != 1 or token in map(tokens.get, range(number)):
                raise ValueError(f"the first 256 tokens are not the bytes: id {number}")
            continue
        parts = encode_word(token, merges)
        if len(parts) != 2:
            raise ValueError(f"{number} is not made of two earlier tokens")
        merges[parts[0], parts[1]] = number
    if len(rows) < 256:
        raise ValueError(f"the first 256 tokens are not the bytes: id {len(rows)} is missing")
    return merges
