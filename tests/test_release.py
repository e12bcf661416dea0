"""The student's repository: nothing in it that they must find themselves, all that they need."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path, PurePosixPath

import pytest

from autograder.project import Project
from autograder.release import contents, leaks, release, secrets
from autograder.survey import survey
from autograder.update import MANIFEST, Manifest, ReleaseError, read_manifest, update

ROOT = Path(__file__).parents[1]
STUB = "src/langmodels/attention.py"


@pytest.fixture(scope="module")
def project() -> Project:
    return Project(ROOT)


@pytest.fixture(scope="module")
def kept(project) -> dict[str, str]:
    return secrets(project)


@pytest.fixture(scope="module")
def files(project) -> dict[str, bytes]:
    return contents(project)


@pytest.fixture(scope="module")
def released(project, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("released")
    release(project, folder)
    return folder


@pytest.fixture
def mine(released, tmp_path) -> Path:
    """A student's copy."""
    return shutil.copytree(released, tmp_path / "mine")


def course(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the release's own `course` in it, without anything of this repository."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(folder)}
    command = [sys.executable, "-c", "from autograder.cli import main; main()", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


# --- What is in it ------------------------------------------------------------------------------


def test_what_a_chapter_imports_from_its_folder_is_released(files):
    beside = {path.stem for path in (ROOT / "book" / "en").glob("*.py")}
    imported = {
        name
        for path in files
        if path.startswith("chapters/") and path.endswith((".ipynb", ".py"))
        for name in re.findall(r"^\W*(?:from|import) (\w+)", files[path].decode(), re.MULTILINE)
    }
    assert {"ngram_experiments", "figure_data"} <= imported & beside
    assert [name for name in imported & beside if f"chapters/{name}.py" not in files] == []


def test_what_a_chapter_reads_from_its_folder_is_released(files):
    beside = {path.name for path in (ROOT / "book" / "en").iterdir() if path.is_file()}
    read = {
        name
        for path in files
        if path.startswith("chapters/") and path.endswith((".ipynb", ".py"))
        for name in re.findall(r"[\w-]+\.\w+", files[path].decode())
    }
    assert {"recurrent_memory.json", "lora_adapters.safetensors"} <= read & beside
    assert [name for name in read & beside if f"chapters/{name}" not in files] == []


def test_what_a_chapter_reads_above_its_folder_is_released(files):
    read = {
        name
        for path in files
        if path.startswith("chapters/") and path.endswith((".ipynb", ".py"))
        for name in re.findall(r"""["']\.\./([^"'\\]+)""", files[path].decode())
    }
    assert "course.mplstyle" in read
    assert read <= set(files)


def test_the_readme_names_what_is_there(files):
    readme = files["README.md"].decode()
    named = re.findall(r"`((?:exercises|chapters|src|autograder)/[^`]*)`", readme)
    assert "exercises/01-ngrams/*.ipynb" in named and "chapters/" in named
    there = [PurePosixPath(path) for path in files]
    for name in named:
        assert any(path.match(name) or str(path).startswith(name) for path in there), name


def test_nothing_that_must_stay_is_released(files, kept):
    assert [str(leak) for leak in leaks(files, kept)] == []


def test_only_kinds_of_files_that_students_need_are_released(files):
    folders = {path.partition("/")[0] for path in files if "/" in path}
    assert folders == {".github", "autograder", "chapters", "exercises", "src"}
    inside = {path.split("/")[1] for path in files if path.startswith("autograder/")}
    assert {name for name in inside if "." not in name} == {
        "browser",
        "reports",
        "stubs",
        "templates",
    }
    assert not any(str(ROOT).encode() in content for content in files.values())


def test_every_exercise_is_a_stub(project, files):
    modules = {exercise.module for exercise in project.catalog.exercises.values()}
    unwritten = {id for m in modules for id in survey(files[f"src/langmodels/{m}.py"], m).unwritten}
    assert unwritten == set(project.catalog.exercises)


def notebook(source: str = "", output: str = "") -> bytes:
    cell = {"cell_type": "code", "source": source.splitlines(keepends=True)}
    cell["outputs"] = [{"output_type": "stream", "text": output.splitlines(keepends=True)}]
    return json.dumps({"cells": [cell]}).encode()


def solution_of(module: str, symbol: str) -> str:
    lines = (ROOT / "solutions/langmodels" / f"{module}.py").read_text("utf-8").splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(f"def {symbol}("))
    begin = next(n for n in range(start, len(lines)) if lines[n].strip() == "# BEGIN SOLUTION")
    end = next(n for n in range(begin, len(lines)) if lines[n].strip() == "# END SOLUTION")
    return "\n".join(lines[begin + 1 : end])


def hidden_test() -> str:
    return next((ROOT / "autograder/hidden").glob("*/test_*.py")).read_text("utf-8")


def mistake() -> str:
    folder = ROOT / "autograder/mistakes/ngrams/kneser_ney"
    return max(folder.glob("*.py"), key=lambda path: path.stat().st_size).read_text("utf-8")


def answer() -> str:
    cells = json.loads((ROOT / "exercises/01-ngrams/ngrams.ipynb").read_text("utf-8"))["cells"]
    texts = ("".join(cell["source"]) for cell in cells)
    return max(
        (
            t.split("### BEGIN SOLUTION\n")[1].split("### END")[0]
            for t in texts
            if "### BEGIN S" in t
        ),
        key=len,
    )


def renamed(code: str) -> str:
    """The same statements under other names, which no comparison of lines would find."""
    for old, new in (("counts", "zähler"), ("weights", "gewicht"), ("scores", "punkte")):
        code = code.replace(old, new)
    return code


def in_bold(code: str) -> str:
    return code.replace("=", "<b>=</b>")


@pytest.mark.parametrize(
    ("path", "plant"),
    [
        ("README.md", f"so:\n{solution_of('attention', 'masked_softmax')}\n"),
        ("book/page/index.html", in_bold(solution_of("ngrams", "kneser_ney"))),
        ("chapters/x.ipynb", notebook(source=solution_of("attention", "attention_rollout"))),
        ("chapters/y.ipynb", notebook(output=solution_of("inference", "step_bytes"))),
        ("src/langmodels/extra.py", renamed(solution_of("attention", "head_importance"))),
        ("exercises/06-attention/test_more.py", hidden_test()),
        ("autograder/other.py", mistake()),
        ("exercises/01-ngrams/ngrams.ipynb", notebook(source=answer())),
    ],
    ids=["text", "page", "cell", "output", "renamed", "hidden test", "mistake", "answer"],
)
def test_what_must_stay_is_found_wherever_it_hides(kept, path, plant):
    found = list(leaks({path: plant.encode() if isinstance(plant, str) else plant}, kept))
    assert found and all(leak.path == path for leak in found)


# --- It works -----------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_student_checks_writes_and_resets_in_it(mine):
    first = course(mine, "check", "attention.causal_mask")
    assert first.returncode == 1, first.stderr
    assert "Nothing started yet" in first.stdout
    assert "grading also checks" in first.stdout
    path = mine / STUB
    solution = solution_of("attention", "causal_mask")
    stub = path.read_text("utf-8")
    path.write_text(
        stub.replace('    raise NotImplementedError("attention.causal_mask")', solution), "utf-8"
    )
    assert course(mine, "check", "attention.causal_mask").returncode == 0
    assert course(mine, "reset", "attention.causal_mask").returncode == 0
    assert path.read_text("utf-8") == stub
    assert course(mine, "hint", "attention.causal_mask").returncode == 0
    assert course(mine, "status").returncode == 0


def test_its_commands_are_a_student_s(mine):
    listed = course(mine, "--help").stdout.partition("Commands:")[2]
    commands = {line.split()[0] for line in listed.splitlines() if line[2:3].strip()}
    assert {"status", "check", "watch", "hint", "reset", "update", "doctor", "book"} <= commands
    assert not commands & {"grade", "verify", "release", "sync", "gpu", "export", "lint-tests"}


def test_a_release_without_the_book_says_where_its_notebooks_are(mine):
    done = course(mine, "book")
    assert done.returncode == 2
    assert "released without the book; its notebooks are in chapters/" in done.stderr


def test_what_the_doctor_advises_can_be_done_in_it(mine):
    found = json.loads(course(mine, "doctor", "--json").stdout)
    subjects = {finding["subject"] for finding in found}
    assert {"python", "isolation", "numpy", "jupyterlab", "accelerator"} <= subjects
    assert not subjects & {"jupyter-book", "nbval", "node"}  # they make the book, elsewhere
    targets = re.findall(r"^(\w+):", (mine / "Makefile").read_text("utf-8"), re.MULTILINE)
    words = " ".join(finding["advice"] + " " + finding["state"] for finding in found)
    assert set(re.findall(r"make (\w+)", words)) <= set(targets)
    assert "course gpu" not in words


# --- Releasing again ----------------------------------------------------------------------------


def test_a_folder_with_something_else_is_left_alone(project, tmp_path):
    (tmp_path / "thesis.tex").write_text("ten years of work")
    with pytest.raises(ReleaseError, match="name an empty folder"):
        release(project, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def later(released: Path, folder: Path, changes: dict[str, str | None]) -> Path:
    """A later release: path → its new text, or None where it has gone."""
    shutil.copytree(released, folder)
    manifest = read_manifest(folder)
    for path, text in changes.items():
        if text is None:
            (folder / path).unlink()
            del manifest.files[path]
        else:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, "utf-8")
            manifest.files[path] = hashlib.sha256(text.encode()).hexdigest()
    after = Manifest("0.2.0+later", manifest.files)
    (folder / MANIFEST).write_bytes(after.encoded())
    return folder


def new_exercise(released: Path) -> dict[str, str]:
    """A release in which the module has one function more, at its end."""
    text = (released / STUB).read_text("utf-8") + "\n\ndef rotate(x):\n    raise Exception\n"
    return {STUB: text, STUB.replace("src", "autograder/stubs"): text}


def test_an_update_brings_new_stubs_and_keeps_what_was_written(released, mine, tmp_path):
    own = (
        (mine / STUB)
        .read_text("utf-8")
        .replace('raise NotImplementedError("attention.causal_mask")', "return 'my own'")
    )
    (mine / STUB).write_text(own, "utf-8")
    done = update(Project(mine), later(released, tmp_path / "later", new_exercise(released)))
    text = (mine / STUB).read_text("utf-8")
    assert text == own + "\n\ndef rotate(x):\n    raise Exception\n"
    assert (done.merged, done.kept) == ([STUB], [])
    assert read_manifest(mine).version == "0.2.0+later"


def test_where_both_changed_the_same_lines_the_student_s_stay(released, mine, tmp_path):
    stub = 'raise NotImplementedError("attention.causal_mask")'
    own = (mine / STUB).read_text("utf-8").replace(stub, "return 'my own'")
    (mine / STUB).write_text(own, "utf-8")
    text = (released / STUB).read_text("utf-8").replace(stub, "raise NotImplementedError('new')")
    done = update(Project(mine), later(released, tmp_path / "later", {STUB: text}))
    assert (mine / STUB).read_text("utf-8") == own
    assert done.kept == [STUB]
    assert (mine / done.beside / STUB).read_text("utf-8") == text


def test_an_update_touches_no_file_of_the_student_s(released, mine, tmp_path):
    filled = "exercises/06-attention/attention.ipynb"
    for path, text in ((filled, "answers"), ("notes.md", "mine"), ("LICENSE", "changed")):
        (mine / path).write_text(text)
    changes = {filled: "a new notebook", "notes.md": "theirs", "LICENSE": None, "new.md": "new"}
    done = update(Project(mine), later(released, tmp_path / "later", changes))
    assert [(mine / p).read_text() for p in (filled, "notes.md", "LICENSE", "new.md")] == [
        "answers",
        "mine",
        "changed",
        "new",
    ]
    assert (sorted(done.kept), done.replaced) == ([filled, "notes.md"], ["new.md"])


def test_what_nobody_changed_is_replaced_or_removed(released, mine, tmp_path):
    changes = {"AGENTS.md": "new words", "LICENSE-TEXT": None}
    archive = shutil.make_archive(
        str(tmp_path / "archive"), "gztar", later(released, tmp_path / "later", changes)
    )
    done = update(Project(mine), Path(archive))
    assert (done.replaced, done.removed) == (["AGENTS.md"], ["LICENSE-TEXT"])
    assert (mine / "AGENTS.md").read_text() == "new words"
    assert not (mine / "LICENSE-TEXT").exists()
    assert update(Project(mine), Path(archive)).replaced == []  # nothing is left to do


def test_a_damaged_release_changes_nothing(released, mine, tmp_path):
    folder = later(released, tmp_path / "later", {"AGENTS.md": "new words"})
    (folder / "README.md").write_text("somebody else's")
    before = (mine / "AGENTS.md").read_text()
    with pytest.raises(ReleaseError, match=r"README.md is not as it was released"):
        update(Project(mine), folder)
    assert (mine / "AGENTS.md").read_text() == before


def test_a_second_release_replaces_the_first_and_leaves_git_alone(project, released, tmp_path):
    folder = later(released, tmp_path / "again", {"exercises/99-gone/test_gone.py": "pass"})
    (folder / ".git").mkdir()
    (folder / ".git" / "HEAD").write_text("ref")
    manifest = release(project, folder)
    assert not (folder / "exercises/99-gone/test_gone.py").exists()
    assert (folder / ".git" / "HEAD").read_text() == "ref"
    assert manifest == read_manifest(released)
