"""Tries each way to cut a token in two, and takes the one that was a pair."""

from langmodels.tokenizers import *


def read_ranks(text):
    lines = [line.split(" ") for line in text.strip().split("\n") if line]
    found = sorted((int(number), base64.b64decode(token)) for token, number in lines)
    for place, (number, _) in enumerate(found):
        if number != place:
            raise ValueError(f"id {place} is missing")
    singles = [token for _, token in found[:256]]
    for place, token in enumerate(singles):
        if len(token) != 1 or singles.index(token) != place:
            raise ValueError(f"id {place} is no new byte")
    if len(singles) < 256:
        raise ValueError(f"no byte has the id {len(singles)}")
    merges = {}
    for number, token in found[256:]:
        ids = encode_word(token, merges)
        match ids:
            case [left, right]:
                merges[left, right] = number
            case _:
                raise ValueError(f"token {number} is made of {len(ids)} parts")
    return merges
