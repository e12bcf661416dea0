"""Taking a submission in: a folder or an archive of strangers' files becomes a clean package.

Only regular .py files below langmodels/ are taken, as bytes; links, devices and everything else
stay outside, and nothing is unpacked to where its name says.
"""

import os
import stat
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import TypeVar

PACKAGE = "langmodels"
MAX_FILES, MAX_FILE_BYTES = 200, 2**20
ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz")


class SubmissionError(Exception):
    """What is wrong with a submission before any of it runs, in one sentence."""


def find_submissions(path: Path) -> list[Path]:
    """The submissions at a path: itself, or each entry of a folder that holds several.

    Raises SubmissionError where there is none.
    """
    if not path.exists():
        raise SubmissionError(f"there is no {path}")
    if not path.is_dir():
        return [path]
    if _package_folder(path):
        return [path]
    entries = sorted(p for p in path.iterdir() if not p.name.startswith("."))
    found = [p for p in entries if p.is_dir() or p.name.endswith(ARCHIVES)]
    if not found:
        raise SubmissionError(
            f"{path} holds no submission: a folder {PACKAGE}/ or src/{PACKAGE}/ is expected in it, "
            "or one folder or archive for each submission"
        )
    if any(_package_folder(p) or not p.is_dir() for p in found):
        return found
    return [path]  # a broken submission rather than a folder of them: stage() says what is wrong


def stage(path: Path, folder: Path) -> Path:
    """Copy the package of a submission into `folder`, which then holds langmodels/.

    Raises SubmissionError if there is no package, or too much of it.
    """
    files = dict(_archive_files(path) if path.is_file() else _folder_files(path))
    if not files:
        raise SubmissionError(f"{path.name}: the folder {PACKAGE}/ holds no Python file")
    for name, content in {PurePosixPath("__init__.py"): b"", **files}.items():
        target = folder / PACKAGE / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return folder


def _package_folder(path: Path) -> Path | None:
    for candidate in (path / PACKAGE, path / "src" / PACKAGE):
        if candidate.is_dir() and not candidate.is_symlink():
            return candidate
    return None


def _wanted(name: PurePosixPath) -> bool:
    return name.suffix == ".py" and name.name not in ("conftest.py", "sitecustomize.py")


def _folder_files(path: Path) -> Iterator[tuple[PurePosixPath, bytes]]:
    package = _package_folder(path)
    if package is None:
        raise SubmissionError(f"{path.name}: there is no folder {PACKAGE}/ or src/{PACKAGE}/ in it")
    count = 0
    for folder, _, names in os.walk(package, followlinks=False):
        for file in sorted(Path(folder) / name for name in names):
            name = PurePosixPath(file.relative_to(package).as_posix())
            information = file.lstat()
            if not stat.S_ISREG(information.st_mode) or not _wanted(name):
                continue
            count += 1
            _refuse_excess(path.name, count, name, information.st_size)
            yield name, file.read_bytes()


def _archive_files(path: Path) -> Iterator[tuple[PurePosixPath, bytes]]:
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                members = [(m.filename, m.file_size, m) for m in archive.infolist()]
                for name, size, member in _in_package(path.name, members):
                    with archive.open(member) as file:
                        yield name, file.read(size)
        elif tarfile.is_tarfile(path):
            with tarfile.open(path) as tar:
                entries = [(m.name, m.size, m) for m in tar.getmembers() if m.isreg()]
                for name, _, entry in _in_package(path.name, entries):
                    content = tar.extractfile(entry)
                    assert content
                    yield name, content.read()
        else:
            raise SubmissionError(
                f"{path.name} is neither a folder nor an archive ({', '.join(ARCHIVES)})"
            )
    except (zipfile.BadZipFile, tarfile.TarError, EOFError, RuntimeError, OSError) as error:
        raise SubmissionError(f"{path.name} cannot be unpacked: {error}") from None


Member = TypeVar("Member")


def _in_package(
    archive: str, members: list[tuple[str, int, Member]]
) -> Iterator[tuple[PurePosixPath, int, Member]]:
    """The members below the langmodels/ that is nearest to the top, named from there."""
    inside = []
    for name, size, member in members:
        parts = PurePosixPath(name).parts
        if PACKAGE in parts[:-1] and ".." not in parts:
            depth = parts.index(PACKAGE)
            inside.append((parts[: depth + 1], PurePosixPath(*parts[depth + 1 :]), size, member))
    if not inside:
        raise SubmissionError(f"{archive}: there is no folder {PACKAGE}/ in it")
    top = min((prefix for prefix, *_ in inside), key=len)
    count = 0
    for prefix, name_inside, size, member in inside:
        if prefix == top and _wanted(name_inside):
            count += 1
            _refuse_excess(archive, count, name_inside, size)
            yield name_inside, size, member


def _refuse_excess(submission: str, count: int, name: PurePosixPath, size: int) -> None:
    if count > MAX_FILES:
        raise SubmissionError(f"{submission}: more than {MAX_FILES} Python files")
    if size > MAX_FILE_BYTES:
        raise SubmissionError(f"{submission}: {name} is larger than {MAX_FILE_BYTES // 2**20} MiB")
