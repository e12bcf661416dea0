"""What a comparison of submissions has found, on pages for a person to read, and as data."""

from pathlib import Path
from typing import Any, NamedTuple

from autograder.reports.html import template, write_page
from autograder.similarity import Match, Pair, Similarity

MAX_PLACES, MAX_SHOWN = 40, 20_000  # of a pair; characters of one text
SLIGHT = 1.0  # places with less evidence are not worth a look


class Part(NamedTuple):
    """At most a line of a text: in which passage (0: none), and whether that begins here."""

    text: str
    number: int
    begins: bool


def write_similarity(found: Similarity, folder: Path) -> Path:
    """Write a page for each pair, in place of those of an earlier run, and return index.html."""
    pages = {page_of(rank): pair for rank, pair in enumerate(found.pairs, start=1)}
    for page, pair in pages.items():
        write_page(folder / page, _pair_page(found, pair))
    for path in folder.glob("pair-*.html"):
        if path.name not in pages:
            path.unlink()
    text = template("similarity").render(found=found, rows=pages.items())
    return write_page(folder / "index.html", text)


def page_of(rank: int) -> str:
    """The file with the pair of this rank, from 1."""
    return f"pair-{rank:03}.html"


def to_data(found: Similarity) -> dict[str, Any]:
    """The same without the texts."""
    return {
        "schema": 1,
        "note": "No verdict: what a person should look at, and how much there is of it.",
        "submissions": found.names,
        "not_compared": [{"name": name, "message": message} for name, message in found.unread],
        "threshold": found.threshold,
        "above": found.above,
        "typical": {"half": found.typical[0], "99 of 100": found.typical[1]},
        "pairs": [
            {
                "submissions": [found.names[member] for member in pair.members],
                "evidence": pair.evidence,
                "in_common": pair.shares,
                "page": page_of(rank),
                "places": [{"where": m.where, "evidence": m.evidence} for m in pair.matches],
            }
            for rank, pair in enumerate(found.pairs, start=1)
        ],
    }


def _pair_page(found: Similarity, pair: Pair) -> str:
    worth = [match for match in pair.matches if match.evidence >= SLIGHT][:MAX_PLACES]
    return template("pair").render(
        pair=pair,
        names=[found.names[member] for member in pair.members],
        shown=[(match, _parts(match, 0), _parts(match, 1)) for match in worth],
        rest=len(pair.matches) - len(worth),
    )


def _parts(match: Match, side: int) -> list[Part]:
    """One side's text, cut where passages begin and end and at the ends of lines."""
    text = match.texts[side][:MAX_SHOWN]
    parts: list[Part] = []
    done = 0
    for start, end, number in [*match.spans[side], (len(text), len(text), 0)]:
        for begin, stop, label in ((done, start, 0), (start, end, number)):
            for n, line in enumerate(text[begin:stop].splitlines(keepends=True)):
                code = line.lstrip(" ")
                indent = line[: len(line) - len(code)]
                parts += [Part(indent, 0, False), Part(code, label, n == 0)]
        done = end
    return parts
