"""Each token is cut after its first byte.

The pair of hug is h and ug or hu and g: which, only the tokens before it can say. Encode its
bytes with the merges before.
"""

from langmodels.tokenizers import *


def read_ranks(text):
    rows = [line.split() for line in text.splitlines() if line.strip()]
    tokens = {int(number): base64.b64decode(token) for token, number in rows}
    merges = {}
    for number in range(len(rows)):
        if number not in tokens:
            raise ValueError(f"there are {len(rows)} tokens, but none has the id {number}")
        token = tokens[number]
        if number < 256:
            if len(token) != 1 or token in map(tokens.get, range(number)):
                raise ValueError(f"the first 256 tokens are not the bytes: id {number}")
            continue
        parts = (
            token[0],
            next((n for n, t in tokens.items() if n >= 256 and t == token[1:]), token[1]),
        )
        if len(parts) != 2:
            raise ValueError(f"{number} is not made of two earlier tokens")
        merges[parts[0], parts[1]] = number
    if len(rows) < 256:
        raise ValueError(f"the first 256 tokens are not the bytes: id {len(rows)} is missing")
    return merges
