"""The place of a line is taken for its id.

The number in the line is the id. Lines may come in any order.
"""

from langmodels.tokenizers import *


def read_ranks(text):
    rows = [line.split() for line in text.splitlines() if line.strip()]
    tokens = {place: base64.b64decode(token) for place, (token, number) in enumerate(rows)}
    merges = {}
    for number in range(len(rows)):
        if number not in tokens:
            raise ValueError(f"there are {len(rows)} tokens, but none has the id {number}")
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
