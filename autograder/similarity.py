"""Similar code in different submissions, for a person to look at. Never a verdict.

Every function, class and notebook cell becomes a row of tokens in which names that may be chosen
freely are alike, so that renaming and reordering hide nothing. Of all runs of SPAN tokens some are
kept as fingerprints, by winnowing (Schleimer, Wilkerson & Aiken, 2003). What everybody was given
does not count; the rest counts by how rare it is among the submissions, as in tf-idf. An index
from fingerprints to submissions finds the pairs: no text is compared with all others.
"""

import builtins
import hashlib
import keyword
import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from autograder.errors import CourseError
from autograder.library import load_alternatives, load_mistakes
from autograder.project import Project
from autograder.release import contents
from autograder.reports.words import line
from autograder.submission import SubmissionError, read_all_notebooks, read_submission

SPAN, WINDOW = 16, 4  # tokens in a fingerprint, about two lines; one of WINDOW in a row is kept
COMMENT = 12  # shorter comments are anybody's
THRESHOLD = 20.0  # by default pairs with less evidence are not listed
MOST = 200  # pairs that are listed; nobody reads more

_TOKEN = re.compile(
    r"""
      (?P<comment> \#.* )
    | (?P<text>    (?i:[bfru]{0,2}) (?: \"{3}(?s:.*?)(?:\"{3}|\Z) | '{3}(?s:.*?)(?:'{3}|\Z) ) )
    | (?P<string>  (?i:[bfru]{0,2}) (?: "(?:\\.|[^"\\\n])*"? | '(?:\\.|[^'\\\n])*'? ) )
    | (?P<number>  \d[\w.]* )
    | (?P<name>    \w+ )
    | (?P<sign>    \*\*=? | //=? | >>=? | <<=? | [-+*/%@&|^=<>!:]= | -> | \.\.\. | [^\s\w] )
    """,
    re.VERBOSE,
)
# A bound on decorators, so that a file of nothing else is not read again from each of its lines.
_DEFINITION = re.compile(r"^(?:@.*\n){0,9}(?:async[ ]+)?(?:def|class)[ ]+(\w+)", re.MULTILINE)
_FIXED = {*keyword.kwlist, *dir(builtins), "self"}


class SimilarityError(CourseError):
    """There is nothing to compare; the message says why."""


class Piece(msgspec.Struct):
    """A function, a class, a cell: what is shown beside another.

    Attributes:
        where: as people call it, `ngrams.count_ngrams` or `ngrams.ipynb, cell 3`.
        text: its source.
        prints: its fingerprints.
        spans: (n, 2), for each the characters that it covers.
    """

    where: str
    text: str
    prints: NDArray[np.uint64]
    spans: NDArray[np.int64]


class Work(msgspec.Struct):
    """A submission, as far as it is compared."""

    name: str
    pieces: list[Piece]

    def prints(self) -> NDArray[np.uint64]:
        """All its fingerprints, each once, in order."""
        every = [piece.prints for piece in self.pieces]
        return np.unique(np.concatenate(every)) if every else np.zeros(0, np.uint64)


class Match(msgspec.Struct):
    """Two places with something in common; of everything in pairs the first is of the pair's first.

    Attributes:
        evidence: the weights of the fingerprints in common, added up.
        where: what the two are called.
        texts: their sources.
        spans: for each the passages in common: first character, the one after the last, and a
            number that is the same on both sides.
    """

    evidence: float
    where: tuple[str, str]
    texts: tuple[str, str]
    spans: tuple[list[tuple[int, int, int]], list[tuple[int, int, int]]]


class Pair(msgspec.Struct):
    """Two submissions with rare things in common.

    Attributes:
        members: their places in the list of submissions.
        evidence: how many fingerprints that only these two have would weigh as much.
        shares: which part of each one's own code is in the other's too, from 0 to 1.
        matches: where, by evidence.
    """

    members: tuple[int, int]
    evidence: float
    shares: tuple[float, float]
    matches: list[Match]


class Similarity(msgspec.Struct):
    """What a comparison has found.

    Attributes:
        names: the submissions that were compared.
        unread: those that could not be, and why.
        pairs: the pairs with at least `threshold` evidence, most first, MOST at most.
        above: how many pairs there are with at least that much.
        typical: the evidence of the pair in the middle, and of the one that 99 of 100 stay below.
    """

    names: list[str]
    unread: list[tuple[str, str]]
    threshold: float
    pairs: list[Pair]
    above: int
    typical: tuple[float, float]


# --- From submissions to pieces -------------------------------------------------------------------


def read(path: Path) -> Work:
    """A submission's package and notebooks, in pieces. Raises SubmissionError if it has neither."""
    notebooks = read_all_notebooks(path)
    try:
        files = read_submission(path)
    except SubmissionError:
        if not notebooks:
            raise
        files = {}
    return Work(line(path.name), list(pieces_of(files | notebooks)))


def pieces_of(files: Mapping[str, bytes], window: int = WINDOW) -> Iterator[Piece]:
    """The pieces of Python files and notebooks, whether they parse or not.

    With a window of 1 every run of tokens is a fingerprint.
    """
    for name, content in files.items():
        path = PurePosixPath(name)
        if path.suffix == ".ipynb":
            for label, text in _cells(content):
                yield _piece(f"{path.name}, {label}", text, window)
            continue
        text = content.decode("utf-8", "replace").replace("\r\n", "\n")
        module = ".".join(path.with_suffix("").parts)
        starts = [(0, f"{path}, the beginning")]
        starts += [(found.start(), f"{module}.{found[1]}") for found in _DEFINITION.finditer(text)]
        ends = [*(start for start, _ in starts[1:]), len(text)]
        for (start, where), end in zip(starts, ends, strict=True):
            if text[start:end].strip():
                yield _piece(where, text[start:end], window)


class _Cell(msgspec.Struct):
    cell_type: str = ""
    source: str | list[str] = ""
    metadata: dict[str, Any] = {}


class _Notebook(msgspec.Struct):
    cells: list[_Cell] = []


def _cells(content: bytes) -> Iterator[tuple[str, str]]:
    """A name and the source of each code cell. What is no notebook has none."""
    try:
        cells = msgspec.json.decode(content, type=_Notebook).cells
    except (msgspec.DecodeError, RecursionError):
        return
    for number, cell in enumerate(cells, start=1):
        if cell.cell_type == "code":
            source = cell.source if isinstance(cell.source, str) else "".join(cell.source)
            yield f"cell {number}", source


def _piece(where: str, text: str, window: int) -> Piece:
    tokens: list[int] = []
    spans: list[tuple[int, int]] = []
    comments: list[tuple[int, int, int]] = []
    before = before_that = ""
    for found in _TOKEN.finditer(text):
        kind, token = str(found.lastgroup), found[0]
        if kind == "comment":
            words = " ".join(token.lstrip("# ").lower().split())
            if len(words) >= COMMENT:
                comments.append((_number(words), *found.span()))
        elif kind != "text":  # docstrings say what a function does, which is the same for all
            if kind == "string" or (kind == "name" and _is_free(token, before, before_that)):
                kept = kind
            else:
                kept = token
            tokens.append(_number(kept))
            spans.append(found.span())
            before, before_that = token, before
    hashes = _runs(np.array(tokens, np.uint64))
    at = _winnow(hashes, window)
    prints = [*hashes[at].tolist(), *(number for number, _, _ in comments)]
    covered = [(spans[i][0], spans[i + SPAN - 1][1]) for i in at.tolist()]
    covered += [(start, end) for _, start, end in comments]
    return Piece(
        line(where), text, np.array(prints, np.uint64), np.array(covered, np.int64).reshape(-1, 2)
    )


def _is_free(name: str, before: str, before_that: str) -> bool:
    """Whether a name could as well be another one: no keyword, no method of somebody else's."""
    return name not in _FIXED and (before != "." or before_that == "self")


@lru_cache(maxsize=2**16)
def _number(token: str) -> int:
    """A number for a token, the same in every run."""
    digest = hashlib.blake2b(token.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big")


def _runs(tokens: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """A number for each run of SPAN tokens."""
    count = max(0, len(tokens) - SPAN + 1)
    total = np.zeros(count, np.uint64)
    for place in range(SPAN):
        total = total * np.uint64(0x9E3779B97F4A7C15) + tokens[place : place + count]
    # Sums like these agree in their low bits too easily; winnowing takes the least.
    total ^= total >> np.uint64(31)
    total *= np.uint64(0xBF58476D1CE4E5B9)
    return total ^ (total >> np.uint64(29))


def _winnow(hashes: NDArray[np.uint64], window: int) -> NDArray[np.intp]:
    """Which to keep: the least of each `window` in a row, of equal ones the last."""
    window = min(window, len(hashes))
    if not window:
        return np.zeros(0, np.intp)
    windows = np.lib.stride_tricks.sliding_window_view(hashes, window)[:, ::-1]
    return np.unique(np.arange(len(windows)) + window - 1 - windows.argmin(axis=1))


def known_to_all(project: Project) -> Iterator[Piece]:
    """What proves nothing when two have it.

    That is what students are given, and the course's own solutions, right and wrong: anybody can
    come to these alone.
    """
    given = {
        path: text for path, text in contents(project).items() if path.endswith((".py", ".ipynb"))
    }
    root = project.root
    own = [*(root / "solutions").rglob("*.py")]
    for exercise in project.catalog.exercises.values():
        given |= {f"{exercise.id} {n}.py": hint.encode() for n, hint in enumerate(exercise.hints)}
        own += [found.path for found in load_alternatives(root, exercise)]
        own += [found.path for found in load_mistakes(root, exercise)]
    given |= {str(path): path.read_bytes() for path in own}
    return pieces_of(given, window=1)


# --- From pieces to pairs -------------------------------------------------------------------------


def compare(
    works: Sequence[Work], known: Iterable[Piece], threshold: float = THRESHOLD
) -> Similarity:
    """The pairs of submissions that have rare things in common.

    Args:
        works: two or more.
        known: what counts nothing.
        threshold: pairs with less evidence are not listed.

    Raises:
        SimilarityError: if there are fewer than two.
    """
    if len(works) < 2:
        raise SimilarityError("two submissions at least are needed, to compare them")
    given = np.unique(np.concatenate([np.zeros(0, np.uint64), *(p.prints for p in known)]))
    own = [np.setdiff1d(work.prints(), given, assume_unique=True) for work in works]
    prints, holders = _index(own)
    table = _evidence(holders, len(works))
    upper = np.triu_indices(len(works), k=1)
    values = table[upper]
    above = int(((values >= threshold) & (values > 0)).sum())
    order = np.argsort(-values, kind="stable")[: min(MOST, above)]
    weights = dict(
        zip(prints.tolist(), (_weight(len(h), len(works)) for h in holders), strict=True)
    )
    pairs = [_pair(int(upper[0][i]), int(upper[1][i]), works, own, weights) for i in order]
    middle, high = np.percentile(values, [50, 99]).tolist()
    return Similarity(
        names=[work.name for work in works],
        unread=[],
        threshold=threshold,
        pairs=pairs,
        above=above,
        typical=(middle, high),
    )


def _weight(holders: int, of: int) -> float:
    """How much it says that two have what `holders` of all have: 1 if only they, 0 if everybody."""
    return (math.log(of / holders) / math.log(of / 2)) ** 2 if of > 2 else 1.0


def _index(own: Sequence[NDArray[np.uint64]]) -> tuple[NDArray[np.uint64], list[NDArray[np.int64]]]:
    """The fingerprints that several submissions have, and which these are."""
    every = np.concatenate(own)
    holder = np.repeat(np.arange(len(own)), [len(prints) for prints in own])
    order = np.argsort(every, kind="stable")
    prints, starts, counts = np.unique(every[order], return_index=True, return_counts=True)
    several = counts > 1
    groups = np.split(holder[order], starts[1:]) if len(starts) else []
    return prints[several], [groups[i] for i in np.flatnonzero(several)]


def _evidence(holders: Iterable[NDArray[np.int64]], n: int) -> NDArray[np.float32]:
    """(n, n): the weights of what each two have in common, added up."""
    table = np.zeros((n, n), np.float32)
    for group in holders:
        table[np.ix_(group, group)] += _weight(len(group), n)
    return table


def _pair(
    first: int,
    second: int,
    works: Sequence[Work],
    own: Sequence[NDArray[np.uint64]],
    weights: Mapping[int, float],
) -> Pair:
    common = np.intersect1d(own[first], own[second], assume_unique=True)
    counting = {number: weights[number] for number in common.tolist() if weights[number] > 0}
    matches = _matches(works[first], works[second], counting)
    return Pair(
        members=(first, second),
        evidence=sum(counting.values()),
        shares=(len(common) / len(own[first]), len(common) / len(own[second])),
        matches=sorted(matches, key=lambda match: -match.evidence),
    )


def _matches(first: Work, second: Work, weights: Mapping[int, float]) -> Iterator[Match]:
    """The places that have fingerprints in common; each of these counts in one of them."""
    places = [_places(work, weights) for work in (first, second)]
    groups: dict[tuple[int, int], list[int]] = {}
    for number in weights:
        here = {second.pieces[b].where: b for b in places[1][number]}
        named = [a for a in places[0][number] if first.pieces[a].where in here]
        if named:
            place = named[0], here[first.pieces[named[0]].where]
        else:
            place = places[0][number][0], places[1][number][0]
        groups.setdefault(place, []).append(number)
    for (a, b), numbers in groups.items():
        pieces = (first.pieces[a], second.pieces[b])
        yield Match(
            evidence=sum(weights[number] for number in numbers),
            where=(pieces[0].where, pieces[1].where),
            texts=(pieces[0].text, pieces[1].text),
            spans=_passages(*pieces, numbers),
        )


def _places(work: Work, numbers: Collection[int]) -> dict[int, list[int]]:
    """In which of a submission's pieces each of the fingerprints is."""
    found: dict[int, list[int]] = {}
    for place, piece in enumerate(work.pieces):
        for number in set(piece.prints.tolist()).intersection(numbers):
            found.setdefault(number, []).append(place)
    return found


Passages = list[tuple[int, int, int]]


def _passages(left: Piece, right: Piece, numbers: Collection[int]) -> tuple[Passages, Passages]:
    """What the fingerprints cover on both sides, overlapping ones as one passage.

    A passage on the right has the number of the one on the left with which it shares most.
    """
    merged_left, inside_left = _merged(left, numbers)
    merged_right, inside_right = _merged(right, numbers)
    label_of = {number: place for place, held in enumerate(inside_left) for number in held}
    labels = [
        max(votes, key=votes.count)
        for held in inside_right
        for votes in [[label_of[n] for n in held]]
    ]
    return (
        [(start, end, place + 1) for place, (start, end) in enumerate(merged_left)],
        [(start, end, place + 1) for (start, end), place in zip(merged_right, labels, strict=True)],
    )


def _merged(
    piece: Piece, numbers: Collection[int]
) -> tuple[list[tuple[int, int]], list[list[int]]]:
    """The passages that the fingerprints cover together, and which are in each."""
    wanted = set(numbers)
    covered = sorted(
        (start, end, number)
        for number, (start, end) in zip(piece.prints.tolist(), piece.spans.tolist(), strict=True)
        if number in wanted
    )
    merged: list[tuple[int, int]] = []
    held: list[list[int]] = []
    for start, end, number in covered:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            held[-1].append(number)
        else:
            merged.append((start, end))
            held.append([number])
    return merged, held
