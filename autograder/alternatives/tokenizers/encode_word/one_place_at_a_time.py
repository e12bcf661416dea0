"""Merges at one place at a time: the lowest id, and of these the leftmost."""

from langmodels.tokenizers import *


def encode_word(word, merges):
    ids = list(word)
    while True:
        possible = [
            (merges[pair], place) for place, pair in enumerate(pairwise(ids)) if pair in merges
        ]
        if not possible:
            return ids
        new_id, place = min(possible)
        ids[place : place + 2] = [new_id]
