"""Single bytes keep the ids of the file.

In GPT-2's file "!" is 0. Here bytes are 0 to 255 as they are, so the pairs are written with
those.
"""

from langmodels.tokenizers import *


def read_ranks(text):
    rows = [line.split() for line in text.splitlines() if line.strip()]
    tokens = {int(number): base64.b64decode(token) for token, number in rows}
    of_byte = {token[0]: number for number, token in tokens.items() if len(token) == 1}
    merges = {}
    for number in range(len(rows)):
        if number not in tokens:
            raise ValueError(f"none has the id {number}")
        if number < 256:
            if len(tokens[number]) != 1 or of_byte[tokens[number][0]] != number:
                raise ValueError(f"not the bytes: {number}")
            continue
        ids = [of_byte[byte] for byte in tokens[number]]
        while len(ids) > 2:
            pair = min(pairwise(ids), key=lambda pair: merges.get(pair, math.inf))
            if pair not in merges:
                raise ValueError(f"{number} is not made of two")
            ids = merge(ids, pair, merges[pair])
        merges[tuple(ids)] = number
    if len(rows) < 256:
        raise ValueError("bytes are missing")
    return merges
