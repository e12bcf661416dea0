"""Kneser–Ney of order 5 on all of Shakespeare: the reference beside nltk.lm, in CPU seconds.

make bench                          or, with fewer sentences for nltk's sake:
PYTHONPATH=solutions python benchmarks/ngrams.py --sentences 5000
"""

import argparse
import time
from collections.abc import Callable
from typing import TypeVar

from nltk.lm import KneserNeyInterpolated
from nltk.util import everygrams
from rich.console import Console
from rich.table import Table

from langmodels.data import load_sentences
from langmodels.ngrams import build_vocabulary, cross_entropy, kneser_ney, map_unknown, pad

ORDER = 5
HELD_OUT = 50  # every fiftieth sentence is kept for scoring
NLTK_TOKENS = 5  # nltk goes through all n-grams for each lower order of each token

Result = TypeVar("Result")


def cpu_seconds(work: Callable[[], Result]) -> tuple[float, Result]:
    """How long the work kept a core busy, and what it returned."""
    started = time.process_time()
    result = work()
    return time.process_time() - started, result


def main() -> None:
    """Train and score with both, and print one table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sentences", type=int, default=None, help="how many; default: all")
    sentences = load_sentences("shakespeare")[: parser.parse_args().sentences]
    test = sentences[::HELD_OUT]
    train = [s for number, s in enumerate(sentences) if number % HELD_OUT]
    vocabulary = build_vocabulary(train, min_count=2)
    words = sum(token.isalpha() for sentence in train for token in sentence)
    tokens = sum(len(sentence) + 1 for sentence in test)

    our_training, ours = cpu_seconds(lambda: kneser_ney(train, ORDER, vocabulary))
    our_scoring, bits = cpu_seconds(lambda: cross_entropy(ours, test))

    def fit_nltk() -> KneserNeyInterpolated:
        model = KneserNeyInterpolated(ORDER)
        padded = [pad(sentence) for sentence in map_unknown(train, vocabulary)]
        grams = [everygrams(sentence, max_len=ORDER) for sentence in padded]
        model.fit(grams, sorted(vocabulary))
        return model

    nltk_training, theirs = cpu_seconds(fit_nltk)
    # Training text, away from <s>: elsewhere nltk divides by zero where no n-gram continues.
    padded = [pad(s) for s in map_unknown(train[::HELD_OUT], vocabulary)]
    positions = [(s[i], s[max(0, i - ORDER + 1) : i]) for s in padded for i in range(ORDER, len(s))]
    some = positions[:: len(positions) // NLTK_TOKENS][:NLTK_TOKENS]
    nltk_scoring, _ = cpu_seconds(lambda: [theirs.score(word, context) for word, context in some])

    console = Console()
    console.print(f"order {ORDER}, {words:,} words to train on, {bits:.3f} bits per token")
    table = Table()
    for column in ("", "train, CPU s", "score, tokens per CPU s"):
        table.add_column(column, justify="left" if not column else "right")
    table.add_row("langmodels", f"{our_training:.1f}", f"{tokens / our_scoring:,.0f}")
    table.add_row("nltk.lm", f"{nltk_training:.1f}", f"{len(some) / nltk_scoring:,.2f}")
    console.print(table)


if __name__ == "__main__":
    main()
