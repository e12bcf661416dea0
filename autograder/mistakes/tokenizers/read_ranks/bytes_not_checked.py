"""It is not checked that the first 256 tokens are the bytes.

If one comes twice, another is missing, and no text that has it can be encoded.
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
            continue
        parts = encode_word(token, merges)
        if len(parts) != 2:
            raise ValueError(f"{number} is not made of two earlier tokens")
        merges[parts[0], parts[1]] = number
    if len(rows) < 256:
        raise ValueError(f"the first 256 tokens are not the bytes: id {len(rows)} is missing")
    return merges
