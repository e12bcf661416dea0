"""Goes through the starts and relaxes all ends, from left to right."""

from langmodels.tokenizers import *


def unigram_segment(text, logprobs):
    n, longest = len(text), max(len(piece) for piece in logprobs)
    dearest = min(logprobs.values()) - 10.0
    score = [0.0, *[float("-inf")] * n]
    came_from = [-1] * (n + 1)
    for start in range(n):
        for end in range(start + 1, min(n, start + longest) + 1):
            piece = text[start:end]
            if piece in logprobs:
                price = logprobs[piece]
            elif len(piece) == 1:
                price = dearest
            else:
                continue
            if score[start] + price > score[end]:
                score[end], came_from[end] = score[start] + price, start
    cuts = [n]
    while cuts[-1] > 0:
        cuts.append(came_from[cuts[-1]])
    cuts.reverse()
    return [text[a:b] for a, b in pairwise(cuts)]
