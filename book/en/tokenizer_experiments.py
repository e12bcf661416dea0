"""What the three pages of Chapter 2 share, so that each of them can be run alone.

The pages import this file from their own folder; the book's build does not read it.
"""

from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from ngram_experiments import BLUE, GREEN, GREY, PALE, RED, show

from langmodels.data import load_text
from langmodels.tokenizers import BPETokenizer, Pair, merge, token_bytes

__all__ = ["BLUE", "GREEN", "GREY", "PALE", "RED", "show"]

# Words with their counts, small enough to count by hand.
HUGS = {b"hug": 10, b"pug": 5, b"pun": 12, b"bun": 4, b"hugs": 5}


def paragraphs(name: str = "wiki") -> list[str]:
    """The sentences of a corpus's lines, as text: what is cut at ". "; none is empty."""
    lines = (line for line in load_text(name).splitlines() if line.strip())
    return [f"{part}." for line in lines for part in line.split(". ")]


def halves(texts: Sequence[str]) -> tuple[list[str], list[str]]:
    """A part to learn from and a part to test on: of each 200 texts 160 and 20."""
    train = [text for i, text in enumerate(texts) if i // 20 % 10 < 8]
    test = [text for i, text in enumerate(texts) if i // 20 % 10 == 9]
    return train, test


def pieces(tokenizer: BPETokenizer, text: str) -> list[str]:
    """The tokens as one can read them; a part of a character is a box."""
    return [tokenizer.decode([number]).replace("\ufffd", "▯") for number in tokenizer.encode(text)]


def pairs_counted(
    word_counts: Mapping[bytes, int], merges: Mapping[Pair, int]
) -> tuple[list[int], list[int]]:
    """How many pairs were counted or corrected after 1, 2, 3 … merges.

    Returns:
        Counting all words again for each merge; and correcting those that hold the pair.
    """
    words = [[*word] for word in word_counts]
    start = sum(max(0, len(ids) - 1) for ids in words)
    again, corrected = [], []
    for pair, new_id in merges.items():
        again.append(sum(max(0, len(ids) - 1) for ids in words))
        changed = 0
        for number, ids in enumerate(words):
            if pair in pairwise(ids):
                words[number] = merge(ids, pair, new_id)
                changed += 4 * (len(ids) - len(words[number]))
        corrected.append(changed)
    return list(accumulate(again)), [start + done for done in accumulate(corrected)]


def draw_merges(axes: Axes, word: bytes, merges: Mapping[Pair, int]) -> None:
    """A word as it shrinks: a row of boxes before the merges and after each that changes it."""
    table, ids = token_bytes(merges), list(word)
    rows = [("bytes", ids, -1)]
    for pair, new_id in merges.items():
        if pair in pairwise(ids):
            ids = merge(ids, pair, new_id)
            left, right = (table[half].decode() for half in pair)
            rows.append((f"{left} + {right}", ids, new_id))
    for y, (label, row, newest) in enumerate(rows):
        place = 0
        for number in row:
            text = table[number].decode()
            colour = RED if number == newest else BLUE if number > 255 else PALE
            axes.add_patch(plt.Rectangle((place + 0.04, -y), len(text) - 0.08, 0.72, color=colour))
            ink = "white" if number > 255 else "black"
            axes.text(place + len(text) / 2, 0.35 - y, text, ha="center", va="center", color=ink)
            place += len(text)
        axes.text(len(word) + 0.3, 0.35 - y, label, va="center", color=GREY)
    axes.set(xlim=(0, len(word) + 2.2), ylim=(0.1 - len(rows), 0.9))
    axes.axis("off")
