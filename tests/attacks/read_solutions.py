"""Imports the reference from the repository, or takes it as text."""

import sys
from pathlib import Path

from target import REPOSITORY, ROOT, any_works


def attack(sentences, order):
    sys.path += [f"{root}/solutions/langmodels" for root in (ROOT, REPOSITORY)]
    return any_works(
        lambda: Path(ROOT, "solutions/langmodels/ngrams.py").read_text(),
        lambda: Path(REPOSITORY, "solutions/langmodels/ngrams.py").read_text(),
        lambda: __import__("microworld"),
    )
