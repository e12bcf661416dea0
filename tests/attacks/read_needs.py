"""Reads the references that were made for exercises that build on this one."""

from pathlib import Path

from target import ROOT


def attack(sentences, order):
    return any("def count_ngrams" in p.read_text() for p in Path(ROOT, "build").rglob("ngrams.py"))
