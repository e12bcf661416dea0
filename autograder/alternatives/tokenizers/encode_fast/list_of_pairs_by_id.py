"""Places sorted into a heap of ids, each with a queue of places."""

from langmodels.tokenizers import *


def encode_fast(word, merges):
    class Node:
        __slots__ = ("after", "before", "id", "place")

        def __init__(self, id, place):
            self.id, self.place, self.before, self.after = id, place, None, None

    nodes = [Node(byte, place) for place, byte in enumerate(word)]
    for a, b in pairwise(nodes):
        a.after, b.before = b, a
    heap = []

    def offer(a, b):
        if a and b and (a.id, b.id) in merges:
            heappush(heap, (merges[a.id, b.id], a.place, b.place, a.id, b.id))

    for a, b in pairwise(nodes):
        offer(a, b)
    while heap:
        new_id, left, right, left_id, right_id = heappop(heap)
        a, b = nodes[left], nodes[right]
        if a.after is not b or a.id != left_id or b.id != right_id:
            continue
        a.id, a.after, b.id = new_id, b.after, None
        if a.after:
            a.after.before = a
        b.before = b.after = None
        offer(a.before, a)
        offer(a, a.after)
    tokens, node = [], nodes[0] if nodes else None
    while node:
        tokens.append(node.id)
        node = node.after
    return tokens
