"""A course of two exercises, small enough to be graded again and again, and what is handed in."""

import shutil
from pathlib import Path

import msgspec

from autograder.results import SubmissionResult
from autograder.samples import write_samples

SUITE = Path(__file__).with_name("suite")
CATALOG = """\
[chapter]
number = 1
part = "I"
title = "Disturbed"
page = "ngrams"
"""
EXERCISE = """
[[exercise]]
id = "ngrams.{0}"
title = "{0}"
points = 2
minutes = 1
difficulty = 1
hints = ["", "", ""]
needs = {1}
limits = {{ wall_s = 60, cpu_s = 20, memory_mb = 1024, output_kb = 16 }}
"""
NEEDS = {"count_ngrams": [], "MaximumLikelihood": ["ngrams.count_ngrams"]}
IDS = [f"ngrams.{name}" for name in NEEDS]
FULL = 2.0 * len(NEEDS)

# Ends a module: whoever imports it computes until so many seconds of CPU time are used.
BUSY = "\nimport time\n\nwhile time.process_time() < {}:\n    pass\n"


def write_course(repository: Path, root: Path) -> Path:
    """A repository with two exercises and a hidden suite of two tests."""
    for name in ("src", "solutions"):
        shutil.copytree(repository / name, root / name)
    shutil.copytree(SUITE, root / "autograder" / "hidden")
    chapter = root / "exercises" / "01-ngrams"
    chapter.mkdir(parents=True)
    exercises = "".join(EXERCISE.format(name, needs) for name, needs in NEEDS.items())
    (chapter / "exercises.toml").write_text(CATALOG + exercises)
    return root


def write_twice(repository: Path, folder: Path) -> Path:
    """A folder with each of the three samples twice."""
    write_samples(repository, folder)
    for path in list(folder.iterdir()):
        shutil.copytree(path, folder / f"{path.name}-again")
    return folder


def busy(samples: Path, path: Path, seconds: float) -> Path:
    """A submission in which all is right, but each import takes so many seconds."""
    shutil.copytree(samples / "complete", path)
    with (path / "langmodels/ngrams.py").open("a") as module:
        module.write(BUSY.format(seconds))
    return path


def essence(result: SubmissionResult) -> SubmissionResult:
    """The result without what was printed, which may hold addresses, and where it was run."""
    result.isolation = ""
    for exercise in result.exercises:
        for test in exercise.tests:
            test.log = ""
    return result


def read_finished(path: Path, cut: bool = False) -> list[SubmissionResult]:
    """The results in a finished.jsonl; only where it may be `cut`, its last line can be less."""
    if not path.exists():
        return []
    *lines, rest = path.read_bytes().split(b"\n")
    assert cut or not rest
    return [essence(msgspec.json.decode(line, type=SubmissionResult)) for line in lines]
