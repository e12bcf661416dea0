"""Taking a submission in: a folder or an archive of strangers' files becomes a clean package.

Only regular files below langmodels/ that can be imported are taken, as bytes in memory; links,
devices and everything else stay outside, and nothing is written anywhere.
"""

import gzip
import hashlib
import io
import os
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, TypeVar, cast

from autograder.errors import CourseError

PACKAGE = "langmodels"
MAX_FILES, MAX_FILE_BYTES, MAX_BYTES = 200, 2**20, 4 * 2**20
MAX_MEMBER_BYTES = 8 * 2**20  # in an archive: a notebook with pictures is larger than a module
MAX_NOTEBOOKS_BYTES = 32 * 2**20  # of one submission
MAX_MEMBERS, MAX_ARCHIVE_BYTES, MAX_UNPACKED_BYTES = 10_000, 20 * 2**20, 200 * 2**20
ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz")


Member = TypeVar("Member")


class SubmissionError(CourseError):
    """What is wrong with a submission before any of it runs, in one sentence."""


def find_submissions(
    path: Path, left_out: Callable[[Path], object] = lambda file: None
) -> list[Path]:
    """The submissions at a path: itself, or each entry of a folder that holds several.

    `left_out` is told of each file beside them that is no archive. Raises SubmissionError where
    there is no submission.
    """
    if not path.exists():
        raise SubmissionError(f"there is no {path}")
    if not path.is_dir():
        return [path]
    if _package_folder(path):
        return [path]
    entries = sorted(p for p in path.iterdir() if not p.name.startswith("."))
    found = [p for p in entries if p.is_dir() or is_archive(p)]
    if not found:
        raise SubmissionError(
            f"{path} holds no submission: a folder {PACKAGE}/ or src/{PACKAGE}/ is expected in it, "
            f"or one folder or archive ({', '.join(ARCHIVES)}) for each submission"
        )
    one_each = any(_package_folder(p) or _lone_archive(p) or not p.is_dir() for p in found)
    if one_each or sum(bool(_deep_package(p)) for p in found) > 1:
        for other in sorted(set(entries) - set(found)):
            left_out(other)
        return found
    return [path]  # a broken submission rather than a folder of them: reading it says what is wrong


def is_archive(path: Path) -> bool:
    """Whether its name ends as that of an archive."""
    return path.name.lower().endswith(ARCHIVES)


def without_ending(name: str) -> str:
    """A submission's name without the end that only says which kind of archive it is."""
    ends = [end for end in ARCHIVES if name.lower().endswith(end)]
    return name[: len(name) - max(map(len, ends), default=0)]


def read_submission(path: Path) -> dict[str, bytes]:
    """The package in a folder or archive: name below langmodels/ → source.

    Of a folder that has no package and one archive, as Moodle gives them out, it is the archive's.

    Raises SubmissionError if there is no package, or too much of it.
    """
    if path.is_symlink():
        raise SubmissionError(f"{path.name} is a link; give the folder or archive itself")
    try:
        archive = path if path.is_file() else _lone_archive(path)
        files = dict(_archive_files(archive) if archive else _folder_files(path))
    except OSError as error:  # its text names folders of the instructor's
        raise SubmissionError(f"{path.name} cannot be read: {error.strerror}") from None
    if sum(map(len, files.values())) > MAX_BYTES:
        raise SubmissionError(f"{path.name}: more than {MAX_BYTES // 2**20} MiB of Python files")
    if not files:
        raise SubmissionError(f"{path.name}: the folder {PACKAGE}/ holds no Python file")
    return files


def read_package(folder: Path) -> dict[str, bytes]:
    """The Python files of a langmodels/ folder: name below it → source.

    Raises SubmissionError if there is too much of it.
    """
    files: dict[str, bytes] = {}
    for file in _files(folder):
        name = PurePosixPath(file.relative_to(folder).as_posix())
        if _wanted(name):
            _refuse_excess(folder.name, len(files) + 1, name, file.lstat().st_size)
            files[str(name)] = file.read_bytes()
    return files


def read_notebooks(path: Path, names: Sequence[str], folder: str) -> dict[str, bytes]:
    """The files with these names in a folder or archive, by name.

    Where there are several of a name (a page of the book is called as its assignment), it is the
    one in a folder of the name `folder`, else the one nearest to the top.

    Raises SubmissionError if one is too large, or nothing can be read.
    """

    def choose(
        archive: str, members: list[tuple[str, int, Member]]
    ) -> Iterator[tuple[str, int, Member]]:
        chosen: dict[str, tuple[tuple[bool, int], str, int, Member]] = {}
        for where, size, member in members:
            parts = PurePosixPath(where).parts
            hidden = any(part.startswith(".") for part in parts if part != ".")
            if parts and parts[-1] in names and not hidden:
                name, rank = parts[-1], (folder not in parts[-2:-1], len(parts))
                if name not in chosen or rank < chosen[name][0]:
                    chosen[name] = rank, name, size, member
        for _, name, size, member in chosen.values():
            if size > MAX_MEMBER_BYTES:
                much = f"{MAX_MEMBER_BYTES // 2**20} MiB"
                raise SubmissionError(f"{archive}: {name} is larger than {much}")
            yield name, size, member

    return _chosen(path, choose)


def read_all_notebooks(path: Path) -> dict[str, bytes]:
    """Every notebook in a folder or archive but hidden ones, such as checkpoints: path → content.

    One larger than MAX_MEMBER_BYTES is left out. Raises SubmissionError if there are too many, or
    nothing can be read.
    """
    return _chosen(path, _notebooks_among)


def _chosen(path: Path, choose: Any) -> dict[str, bytes]:
    """What `choose` takes of all regular files in a folder or archive."""
    if path.is_symlink():
        raise SubmissionError(f"{path.name} is a link; give the folder or archive itself")
    if path.is_file():
        return dict(_archive_files(path, choose))
    try:
        files = [(f.relative_to(path).as_posix(), f.lstat().st_size, f) for f in _files(path)]
        found = {name: file.read_bytes() for name, _, file in choose(path.name, files)}
        archive = None if found else _lone_archive(path)
        return dict(_archive_files(archive, choose)) if archive else found
    except OSError as error:  # its text names folders of the instructor's
        raise SubmissionError(f"{path.name} cannot be read: {error.strerror}") from None


def _notebooks_among(
    archive: str, members: list[tuple[str, int, Member]]
) -> Iterator[tuple[str, int, Member]]:
    chosen = [
        (name, size, member)
        for name, size, member in members
        if name.endswith(".ipynb") and size <= MAX_MEMBER_BYTES
        if not any(part.startswith(".") for part in PurePosixPath(name).parts)
    ]
    if len(chosen) > MAX_FILES or sum(size for _, size, _ in chosen) > MAX_NOTEBOOKS_BYTES:
        limits = f"{MAX_FILES} notebooks or {MAX_NOTEBOOKS_BYTES // 2**20} MiB of them"
        raise SubmissionError(f"{archive}: more than {limits}")
    yield from chosen


def _files(folder: Path) -> Iterator[Path]:
    """The regular files below a folder, as many as anybody hands in."""
    seen = 0
    for parent, folders, names in os.walk(folder, followlinks=False):
        folders[:] = [name for name in folders if not name.startswith(".")]  # .git, .venv
        for file in sorted(Path(parent) / name for name in names):
            seen += 1
            if seen > MAX_MEMBERS:
                raise SubmissionError(f"{folder.name}/: more than {MAX_MEMBERS} files")
            if stat.S_ISREG(file.lstat().st_mode):
                yield file


def digest_of(files: Mapping[str, bytes]) -> str:
    """A name for exactly these files."""
    found = hashlib.sha256()
    for name, content in sorted(files.items()):
        for part in (name.encode("utf-8", "surrogatepass"), content):
            found.update(len(part).to_bytes(8, "big") + part)
    return found.hexdigest()


def _package_folder(path: Path) -> Path | None:
    for inside in (PACKAGE, f"src/{PACKAGE}"):
        # A link on the way could lead to another submission, or to the reference.
        if (path / inside).is_dir() and (path / inside).resolve() == path.resolve() / inside:
            return path / inside
    return None


def _lone_archive(path: Path) -> Path | None:
    """The only archive in a folder that has no package."""
    if not path.is_dir() or path.is_symlink() or _package_folder(path):
        return None
    found = [p for p in path.iterdir() if is_archive(p) and not p.name.startswith(".")]
    return found[0] if len(found) == 1 and stat.S_ISREG(found[0].lstat().st_mode) else None


def _wanted(name: PurePosixPath) -> bool:
    """Whether it is a module that can be imported by its name."""
    parts = (*name.parent.parts, name.stem)
    return name.suffix == ".py" and all(part.isidentifier() for part in parts)


def _folder_files(path: Path) -> dict[str, bytes]:
    package = _package_folder(path)
    if package is None:
        missing = f"{path.name}: there is no folder {PACKAGE}/ or src/{PACKAGE}/ in it"
        raise SubmissionError(f"{missing}{_advice(path)}")
    return read_package(package)


def _advice(path: Path) -> str:
    """What to do with a folder that has no package where one is looked for, or ""."""
    archives = sum(1 for p in path.iterdir() if is_archive(p))
    if archives > 1:
        return f" but {archives} archives: leave one"
    deep = _deep_package(path)
    return f" but {deep.as_posix()}/: move that to its top" if deep else ""


def _deep_package(path: Path) -> Path | None:
    """The langmodels/ that is nearest to the top of a folder, as seen from there."""
    try:
        inside = [f.parent.relative_to(path) for f in _files(path)]
    except SubmissionError:
        return None
    return min((p for p in inside if p.name == PACKAGE), key=lambda p: len(p.parts), default=None)


def _archive_files(path: Path, choose: Any = None) -> Iterator[tuple[str, bytes]]:
    """What `choose` takes of an archive's regular files; by default what `_in_package` does."""
    choose = choose or _in_package
    if path.stat().st_size > MAX_ARCHIVE_BYTES:
        raise SubmissionError(f"{path.name} is larger than {MAX_ARCHIVE_BYTES // 2**20} MiB")
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                members = [(m.filename, m.file_size, m) for m in archive.infolist()[:MAX_MEMBERS]]
                for name, size, member in choose(path.name, members):
                    with archive.open(member) as file:
                        yield name, file.read(size)
        else:
            with _opened(path) as content, tarfile.open(fileobj=_Capped(content), mode="r:") as tar:
                entries = [(m.name, m.size, m) for m in _members(path, tar) if m.isreg()]
                for name, _, entry in choose(path.name, entries):
                    if regular := tar.extractfile(entry):
                        yield name, regular.read()
    except SubmissionError:
        raise
    except tarfile.ReadError:
        raise SubmissionError(
            f"{path.name} is neither a folder nor an archive ({', '.join(ARCHIVES)})"
        ) from None
    except Exception as error:  # whatever a stranger's archive brings about in these libraries
        what = getattr(error, "strerror", None) or type(error).__name__
        raise SubmissionError(
            f"{path.name} cannot be unpacked ({what}): it is damaged or cut off"
        ) from None


def _opened(path: Path) -> BinaryIO:
    """The bytes of a tar file, decompressed on the way."""
    with path.open("rb") as file:
        is_gzip = file.read(2) == b"\x1f\x8b"
    return cast(BinaryIO, gzip.open(path)) if is_gzip else path.open("rb")


class _Capped(io.RawIOBase):
    """Reads another file for tarfile, which would put whatever a header announces into memory."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= MAX_MEMBER_BYTES:
            raise tarfile.TarError
        return self._file.read(size)

    def seek(self, position: int, whence: int = 0) -> int:
        if position > MAX_UNPACKED_BYTES:
            raise tarfile.TarError
        return self._file.seek(position, whence)

    def tell(self) -> int:
        return self._file.tell()


def _members(path: Path, tar: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """What is in it, as long as that does not unpack to more than anybody hands in."""
    for count, member in enumerate(tar):
        if count == MAX_MEMBERS or member.offset_data + member.size > MAX_UNPACKED_BYTES:
            raise SubmissionError(f"{path.name} unpacks to more than a submission may hold")
        yield member


def _in_package(
    archive: str, members: list[tuple[str, int, Member]]
) -> Iterator[tuple[str, int, Member]]:
    """The members below the langmodels/ that is nearest to the top, named from there."""
    inside = []
    for name, size, member in members:
        parts = PurePosixPath(name).parts
        if PACKAGE in parts[:-1] and ".." not in parts:
            depth = parts.index(PACKAGE)
            inside.append((parts[: depth + 1], PurePosixPath(*parts[depth + 1 :]), size, member))
    if not inside:
        raise SubmissionError(f"{archive}: there is no folder {PACKAGE}/ in it")
    modules = [prefix for prefix, name, *_ in inside if _wanted(name)]
    prefixes = modules or [prefix for prefix, *_ in inside]
    # How far down, and below another folder than src.
    ranks = {prefix: (len(prefix), prefix[-2:-1] != ("src",)) for prefix in prefixes}
    nearest = min(ranks.values())
    first, *others = [prefix for prefix, rank in ranks.items() if rank == nearest]
    if others:  # whichever was graded, nobody would miss the others
        raise SubmissionError(
            f"{archive}: several folders {PACKAGE}/ are in it, such as {'/'.join(first)}/ and "
            f"{'/'.join(others[0])}/: an archive is one submission"
        )
    count = 0
    for prefix, name_inside, size, member in inside:
        if prefix == first and _wanted(name_inside):
            count += 1
            _refuse_excess(archive, count, name_inside, size)
            yield str(name_inside), size, member


def _refuse_excess(submission: str, count: int, name: PurePosixPath, size: int) -> None:
    if count > MAX_FILES:
        raise SubmissionError(f"{submission}: more than {MAX_FILES} Python files")
    if size > MAX_FILE_BYTES:
        raise SubmissionError(f"{submission}: {name} is larger than {MAX_FILE_BYTES // 2**20} MiB")
