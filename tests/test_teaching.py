"""The instructor's guide: its commands work as they stand, and its plan is the course's."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.samples import write_samples

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "book" / "en" / "teaching.md").read_text("utf-8")
COURSE = str(Path(sys.executable).with_name("course"))
COPIED = ("autograder", "book", "exercises", "solutions", "src", "tests")
NOT_COPIED = shutil.ignore_patterns("_build", "node_modules", "__pycache__", "*.safetensors")


def commands() -> list[str]:
    blocks = re.findall(r"^```bash\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)
    return [line for block in blocks for line in block.splitlines() if line]


@pytest.fixture(scope="module")
def repository(tmp_path_factory) -> Path:
    """An instructor's repository of one's own, with the week's submissions and empty gradebooks."""
    root = tmp_path_factory.mktemp("teaching") / "course"
    for name in COPIED:
        shutil.copytree(ROOT / name, root / name, ignore=NOT_COPIED)
    for file in (path for path in ROOT.iterdir() if path.is_file()):
        shutil.copy(file, root)
    write_samples(root, root / "submissions")
    write_entry(root / "submissions" / "half-done")
    (root / "text-of-my-own.txt").write_bytes((ROOT / "book/en/glossary.md").read_bytes() * 8)
    return root


def write_entry(submission: Path) -> None:
    """The model for the leaderboard as it was given, with a line of one's own."""
    given = (ROOT / "src/langmodels/leaderboard.py").read_text("utf-8")
    (submission / "langmodels/leaderboard.py").write_text(f"{given}# mine\n", "utf-8")


def write_gradebooks(root: Path) -> None:
    """As the platforms give them out, with the maximum of the week's report."""
    submissions = json.loads((root / "results/week-1/results.json").read_text())["submissions"]
    maximum = submissions[0]["max_score"]
    names = [submission["name"] for submission in submissions]
    canvas = ["Student,ID,SIS Login ID,Week 1 (7)", f"Points Possible,,,{maximum}"]
    canvas += [f'"{name}",{n},{name},' for n, name in enumerate(names)]
    (root / "canvas.csv").write_text("\n".join(canvas))
    moodle = ["Identifier,Full name,Grade,Maximum Grade"]
    moodle += [f"Participant {n},{name},,100" for n, name in enumerate(names)]
    (root / "moodle.csv").write_text("\n".join(moodle))


def assert_accepted(arguments: list[str]) -> None:
    """There is such a command, and it has the options that the guide gives it."""
    done = subprocess.run([COURSE, *arguments[:2], "--help"], capture_output=True, text=True)
    assert done.returncode == 0
    for option in (argument for argument in arguments if argument.startswith("--")):
        assert option in done.stdout


@pytest.mark.slow
def test_every_command_of_the_guide_works_as_it_stands(repository):
    """In the order of the page. What takes long, or a GPU, has tests of its own."""
    tried = 0
    for command in commands():
        program, *arguments = shlex.split(command)
        if program == "make":
            makefile = (ROOT / "Makefile").read_text("utf-8")
            assert re.search(rf"^{arguments[0]}:", makefile, re.MULTILINE), command
            continue
        assert program == "course", command
        if arguments[0] == "export" and not (repository / "canvas.csv").exists():
            write_gradebooks(repository)
        if arguments[0] in ("gpu", "gradebook"):  # test_gpu.py and test_gradebook.py run them
            assert_accepted(arguments)
            continue
        done = subprocess.run(
            [COURSE, *arguments], cwd=repository, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        tried += 1
    assert tried > 10
    filled = (repository / "canvas-filled.csv").read_text("utf-8").splitlines()
    assert all(row.rpartition(",")[2] for row in filled if row), filled
    for page in ("results/similarity/index.html", "results/leaderboard/index.html"):
        assert (repository / page).exists()
    assert (repository.parent / "students/src/langmodels/ngrams.py").exists()


def test_what_the_guide_calls_by_name_exists():
    for path in re.findall(r"`([\w./-]+\.(?:md|toml|py|json|html))`", GUIDE):
        made = ("instructor/index.html", "AGENTS.md")  # by grading, and by a release
        assert path in made or (ROOT / path).exists(), path


def test_both_plans_name_every_chapter_once_by_the_catalogs_name(project):
    plans = GUIDE.split("\n### ")[1:3]
    for plan in plans:
        plan = plan.partition("\n## ")[0]
        named = re.findall(r"\{chapter\}`(\d+) (.+?)`", plan)
        assert sorted(int(number) for number, _ in named) == [*range(1, 25)]
        titles = {int(number): title for number, title in named}
        for chapter in project.catalog.chapters:
            assert titles[chapter.number] == chapter.title


def test_each_plan_has_the_weeks_that_its_heading_says():
    for plan in GUIDE.split("\n### ")[1:3]:
        weeks = re.findall(r"^\| (\d+) \|", plan.partition("\n## ")[0], re.MULTILINE)
        assert [int(week) for week in weeks] == [*range(1, int(plan.split()[0]) + 1)]
