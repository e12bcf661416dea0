"""Copies the answers of the other submissions, from where they were handed in or staged."""

from pathlib import Path

from target import SCRATCH, SUBMISSIONS, any_works


def attack(sentences, order):
    return any_works(
        lambda: Path(SUBMISSIONS, "complete/langmodels/ngrams.py").read_text(),
        lambda: any(Path(SCRATCH).rglob("*")),
    )
