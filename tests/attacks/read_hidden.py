"""Reads the hidden tests where they lie."""

from pathlib import Path

from target import REPOSITORY, ROOT, any_works


def attack(sentences, order):
    folders = [Path(root) / "autograder" / "hidden" / "01-ngrams" for root in (ROOT, REPOSITORY)]
    return any_works(
        lambda: (folders[0] / "test_hidden.py").read_text(),
        lambda: (folders[1] / "test_counting.py").read_text(),
        lambda: list(folders[0].iterdir()),
        lambda: list(folders[1].iterdir()),
    )
