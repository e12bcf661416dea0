"""The best way to cut each rest, from the end, with its first piece."""

from langmodels.tokenizers import *


def unigram_segment(text, logprobs):
    sizes = {len(piece) for piece in logprobs} | {1}
    worst = min(logprobs.values()) - 10
    best = {len(text): (0.0, None)}
    for start in reversed(range(len(text))):
        ways = []
        for size in sizes:
            end = start + size
            if end <= len(text):
                price = logprobs.get(text[start:end], worst if size == 1 else None)
                if price is not None:
                    ways.append((price + best[end][0], end))
        best[start] = max(ways)
    pieces, start = [], 0
    while start < len(text):
        end = best[start][1]
        pieces.append(text[start:end])
        start = end
    return pieces
