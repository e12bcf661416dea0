"""Reads keys in the home folder and in the repository, and puts them into an exception."""

from pathlib import Path

from target import HOME, ROOT


def attack(sentences, order):
    loot = [p.read_text() for h in (HOME, ROOT, Path.home()) for p in Path(h).glob("canary*")]
    if loot:
        raise ValueError(loot)
