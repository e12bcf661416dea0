"""The leaderboard: how few bits students' own models need for a text that they have not seen.

No number comes from a submission. Its model stands in a box, and says how probable each byte is
before the grader tells which one came; the grader adds up the bits. All have the same text and the
same budget, which the kernel keeps.
"""

import bz2
import hashlib
import lzma
import math
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from autograder import wire
from autograder.box import Box, BoxError, StudentFaultError
from autograder.catalog import Limits
from autograder.errors import CourseError
from autograder.farside import Load
from autograder.reports.words import line
from autograder.results import WORDS
from autograder.student import RemotePackage
from autograder.submission import SubmissionError, read_package, read_submission

MODULE = "leaderboard"
LEARNED, PREDICTED = 2**20, 2**14  # bytes of the text, at most; the last are predicted
LIMITS = Limits(wall_s=600, cpu_s=120, memory_mb=1024)
MAX_SOURCE = 256 * 1024  # of all its Python files: knowledge that is brought along is small
TOLERANCE = 1e-4  # float32 probabilities add up to 1 no better

COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda text: zlib.compress(text, 9),
    "bzip2": lambda text: bz2.compress(text, 9),
    "xz": lambda text: lzma.compress(text, preset=9),
}


class LeaderboardError(CourseError):
    """Nothing was measured; the message says why and what to do."""


class NoProbabilitiesError(Exception):
    """A model's answer is no distribution of the next byte; the message says in which way."""


class Entry(msgspec.Struct):
    """One line of the board.

    Attributes:
        name: the submission's, or a compressor's.
        bits: per byte of the text; None where there is no valid measurement.
        message: why not, in words of the grader's.
        yardstick: whether it is a compressor, to compare with.
    """

    name: str
    bits: float | None = None
    message: str = ""
    yardstick: bool = False


class Board(msgspec.Struct):
    """What was measured in one run.

    Attributes:
        entries: the best first; those without a measurement last.
        absent: how many submissions have left the file as it was given.
        text: a digest of the text, to tell runs on one text from others.
        learned, predicted: its bytes.
    """

    isolation: str
    entries: list[Entry]
    absent: int
    text: str
    learned: int
    predicted: int
    cpu_s: float = LIMITS.cpu_s
    memory_mb: int = LIMITS.memory_mb
    schema: int = 1


def split(text: bytes) -> tuple[bytes, bytes]:
    """What models learn from, and what follows it. Raises LeaderboardError if it is too short."""
    if len(text) < 4 * PREDICTED:
        raise LeaderboardError(
            f"the text has {len(text):,} bytes; at least {4 * PREDICTED:,} are needed, and "
            f"{LEARNED + PREDICTED:,} are used"
        )
    text = text[: LEARNED + PREDICTED]
    return text[:-PREDICTED], text[-PREDICTED:]


def measure_all(
    root: Path,
    paths: Sequence[Path],
    text: bytes,
    isolation: str,
    step: Callable[[], Any] = lambda: None,
) -> Board:
    """Measure each submission that has an entry, one after the other."""
    learned, predicted = split(text)
    given = read_package(root / "src" / "langmodels")
    entries, absent = [], 0
    for path in paths:
        entry = measure(path, given, learned, predicted)
        absent += entry is None
        entries += [entry] if entry else []
        step()
    entries += yardsticks(learned, predicted)
    digest = hashlib.sha256(learned + predicted).hexdigest()[:12]
    entries.sort(key=lambda entry: (entry.bits is None, entry.bits or 0.0, entry.name))
    return Board(isolation, entries, absent, digest, len(learned), len(predicted))


def measure(
    path: Path, given: Mapping[str, bytes], learned: bytes, predicted: bytes
) -> Entry | None:
    """One submission's bits per byte; None where its model is as it was given."""
    entry = Entry(line(path.name))
    try:
        files = read_submission(path)
    except SubmissionError as error:
        entry.message = str(error)
        return entry
    name = f"{MODULE}.py"
    if files.get(name, given[name]) == given[name]:
        return None
    if sum(map(len, files.values())) > MAX_SOURCE:
        entry.message = f"more than {MAX_SOURCE // 1024} KiB of source"
        return entry
    imports = ["torch"] if any(b"import torch" in source for source in files.values()) else []
    try:
        with Box(Load(files=files, given=dict(given), module=MODULE), LIMITS, imports) as box:
            box.ask("load")
            entry.bits = bits_per_byte(RemotePackage(box), learned, predicted)
    except StudentFaultError as error:
        # Its own words are left out: they could hold some of the text.
        entry.message = WORDS[error.outcome][1]
    except (NoProbabilitiesError, wire.ProtocolError) as error:
        entry.message = str(error)
    except BoxError as error:
        entry.message = f"not measured, which is not its fault: {error}"
    return entry


def bits_per_byte(package: Any, learned: bytes, predicted: bytes) -> float:
    """What a package's model needs for `predicted`, of which it sees each byte after it has spoken.

    Raises:
        NoProbabilitiesError: if an answer is no distribution.
        StudentFaultError: if none comes.
    """
    model = package.call(MODULE, "Model", (learned,), {}, True)
    total, before = 0.0, learned[-1]
    for byte in predicted:
        answer = package.call(model, "follow", (before,), {}, False)
        total += _bits(answer, byte)
        before = byte
    return total / len(predicted)


def _bits(answer: Any, byte: int) -> float:
    """What the byte costs by the distribution in the answer."""
    try:
        row = np.asarray(answer)
    except (TypeError, ValueError):
        raise NoProbabilitiesError("follow() gave no array") from None
    if row.shape != (256,) or row.dtype.kind not in "fiu":
        raise NoProbabilitiesError("follow() did not give 256 numbers")
    row = row.astype(np.float64)
    total = row.sum()
    if not (row >= 0).all() or not abs(total - 1) <= TOLERANCE:
        raise NoProbabilitiesError("follow() gave numbers that are no probabilities")
    if row[byte] == 0:
        raise NoProbabilitiesError("a byte came that had the probability 0")
    return -math.log2(row[byte] / total)


def yardsticks(learned: bytes, predicted: bytes) -> Iterable[Entry]:
    """What compressors need for the second part once they know the first."""
    for name, compress in COMPRESSORS.items():
        more = len(compress(learned + predicted)) - len(compress(learned))
        yield Entry(name, 8 * more / len(predicted), yardstick=True)
