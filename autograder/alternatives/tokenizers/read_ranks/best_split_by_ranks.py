"""Merges the parts of each token by the ranks of the file, without using merges."""

from langmodels.tokenizers import *


def read_ranks(text):
    by_id = {}
    for line in text.split("\n"):
        fields = line.split()
        if fields:
            by_id[int(fields[1])] = base64.b64decode(fields[0])
    rank = {token: number for number, token in by_id.items()}
    for number in range(max(256, max(by_id, default=0) + 1)):
        if number not in by_id:
            raise ValueError(f"no token has the id {number}")
        if number < 256 and (len(by_id[number]) != 1 or rank[by_id[number]] != number):
            raise ValueError(f"{number} or {rank[by_id[number]]} is not a byte of its own")

    def ours(token):
        return token[0] if len(token) == 1 else rank[token]

    merges = {}
    for number in range(256, len(by_id)):
        parts = [by_id[number][i : i + 1] for i in range(len(by_id[number]))]
        while len(parts) > 2:
            ranks = [rank.get(a + b, math.inf) for a, b in pairwise(parts)]
            lowest = min(ranks)
            if lowest >= number:
                break
            place = ranks.index(lowest)
            parts[place : place + 2] = [parts[place] + parts[place + 1]]
        if len(parts) != 2:
            raise ValueError(f"token {number} has no two parts")
        merges[ours(parts[0]), ours(parts[1])] = number
    return merges
