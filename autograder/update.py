"""Bringing a later release into a student's repository without touching the student's work.

A file that is as it was released is replaced. In one that the student has changed, the changes of
the release are merged between theirs; where both changed the same lines, theirs stay.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath

import msgspec
from merge3 import Merge3

from autograder.errors import CourseError
from autograder.project import ORIGINALS, Project
from autograder.sync import write_bytes

MANIFEST = "release.json"


class ReleaseError(CourseError):
    """Nothing was released or brought in; the message says why."""


class Manifest(msgspec.Struct):
    """What a release consists of: path → SHA-256. `version` names it to people."""

    version: str
    files: dict[str, str]
    schema: int = 1

    def encoded(self) -> bytes:
        """As the file that comes with the release."""
        return msgspec.json.format(msgspec.json.encode(self)) + b"\n"


def read_manifest(folder: Path) -> Manifest:
    """What the release in a folder consists of. Raises ReleaseError if there is none."""
    try:
        return msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError):
        raise ReleaseError(f"there is no release in {folder}: {MANIFEST} is missing") from None


class Update(msgspec.Struct):
    """What an update did, as paths.

    Attributes:
        merged: of the student's files, with changes of the release between their own.
        kept: of the student's files, where the release has changed the same lines or the file
            is not one of the package; the new one lies in the folder `beside`.
    """

    version: str
    replaced: list[str] = []
    removed: list[str] = []
    merged: list[str] = []
    kept: list[str] = []
    beside: str = ""


def update(project: Project, source: Path) -> Update:
    """Bring the release at `source`, a folder or an archive, into the repository.

    Raises:
        ReleaseError: if one of the two is no release; nothing has changed then.
    """
    root = project.root
    before = read_manifest(root)
    with _opened(source) as folder:
        after = read_manifest(folder)
        new = {path: _checked(folder, path, digest) for path, digest in after.files.items()}
    done = Update(after.version)
    backups = Path(".course") / "updates" / f"{datetime.now():%Y%m%d-%H%M%S}"
    # The package first: it is merged with the stubs as they were released, which change as well.
    for path, content in sorted(new.items(), key=lambda item: not _in_package(item[0])):
        own = root / path
        current = own.read_bytes() if own.is_file() else None
        if current == content:
            continue
        if current is None or _digest(current) == before.files.get(path):
            write_bytes(own, content)
            done.replaced.append(path)
            continue
        merged, is_clean = _merged(root, path, current, content)
        if merged != current:
            write_bytes(root / backups / "before" / path, current)
            write_bytes(own, merged)
            done.merged.append(path)
        if not is_clean:
            write_bytes(root / backups / "released" / path, content)
            done.kept.append(path)
            done.beside = (backups / "released").as_posix()
    for path in before.files.keys() - new.keys():
        own = root / path
        if own.is_file() and _digest(own.read_bytes()) == before.files[path]:
            own.unlink()
            done.removed.append(path)
    # Last: an update that was cut off is begun anew.
    write_bytes(root / MANIFEST, after.encoded())
    return done


def _merged(root: Path, path: str, own: bytes, new: bytes) -> tuple[bytes, bool]:
    """The student's file with what the release changed, and whether that is all of it."""
    base = root / ORIGINALS / PurePosixPath(path).relative_to("src") if _in_package(path) else None
    if base is None or not base.is_file():
        return own, False
    try:
        before, theirs, after = (
            text.decode().splitlines(keepends=True) for text in (base.read_bytes(), own, new)
        )
    except UnicodeDecodeError:
        return own, False
    merged: list[str] = []
    is_clean = True
    for kind, *parts in Merge3(before, theirs, after).merge_groups():
        merged += parts[1] if kind == "conflict" else parts[0]  # theirs stays
        is_clean = is_clean and kind != "conflict"
    return "".join(merged).encode(), is_clean


def _in_package(path: str) -> bool:
    return path.startswith("src/")


@contextmanager
def _opened(source: Path) -> Iterator[Path]:
    """The folder with the release, whether it came as a folder or as an archive."""
    if source.is_dir():
        yield source
        return
    with tempfile.TemporaryDirectory() as place:
        try:
            shutil.unpack_archive(source, place, filter="data" if _is_tar(source) else None)
        except (shutil.ReadError, OSError, ValueError) as error:
            raise ReleaseError(f"{source} is neither a folder nor an archive: {error}") from None
        found = sorted(Path(place).rglob(MANIFEST), key=lambda path: len(path.parts))
        yield found[0].parent if found else Path(place)


def _is_tar(source: Path) -> bool:
    return ".tar" in source.suffixes or source.suffix == ".tgz"


def _checked(folder: Path, path: str, digest: str) -> bytes:
    """A file of the release. Raises ReleaseError if it is not the one that was released."""
    place = (folder / path).resolve()
    if not place.is_relative_to(folder.resolve()):
        raise ReleaseError(f"{folder} is no release: {path} lies outside it")
    try:
        content = place.read_bytes()
    except OSError:
        raise ReleaseError(f"the release is not whole: {path} is missing; fetch it again") from None
    if _digest(content) != digest:
        raise ReleaseError(f"{path} is not as it was released; fetch the release again")
    return content


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
