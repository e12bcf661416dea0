"""What the three pages of Chapter 1 share, so that each of them can be run alone.

The pages import this file from their own folder; the book's build does not read it.
"""

import textwrap
from collections.abc import Collection, Sequence

import numpy as np

from langmodels.ngrams import Interpolated, Sentence, pad

BLUE, RED, GREEN = "#0072B2", "#D55E00", "#007A5A"  # safe for all eyes
GREY, PALE = "#5a6570", "#dce1e5"

# Giraffes have pretty necks and like leaves, a turtle stretches its neck to see one, swans and
# ostriches have long necks, elephants a short one.
NECKS = [
    line.split()
    for line in (
        "长颈鹿 脖子 真 好看",
        "长颈鹿 爱 吃 树叶",
        "乌龟 伸 脖子 看 长颈鹿",
        "天鹅 脖子 长",
        "鸵鸟 脖子 长 腿 也 长",
        "大象 鼻子 长 脖子 短",
    )
]


def show(text: str, width: int = 62) -> None:
    """Print a long text in lines that fit a phone held sideways."""
    for line in text.splitlines():
        print(textwrap.fill(line, width, break_on_hyphens=False))


def part(sentences: Sequence[Sentence], blocks: Collection[int]) -> list[Sentence]:
    """Take some of a corpus: blocks of 50 sentences, numbered 0 … 19 again and again.

    So each part has something of every play. Block 18 is for tuning and block 19 for testing;
    Shakespeare's models learn from half of the others, range(0, 18, 2), which spares your memory.
    """
    return [s for i, s in enumerate(sentences) if i // 50 % 20 in blocks]


def component_table(model: Interpolated, sentences: Sequence[Sentence]) -> np.ndarray:
    """What each component of a mixture says about each token but `<s>`.

    Returns:
        Probabilities, shape (T, n + 1): a row for each token, a column for each of orders 0 … n.
    """
    rows = []
    for tokens in map(pad, sentences):
        for t in range(1, len(tokens)):
            context = tokens[max(0, t - model.order + 1) : t]
            rows.append(model.components(tokens[t], context))
    return np.array(rows)
