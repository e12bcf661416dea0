"""Results where other systems read them: every score in the right row, or in none."""

import csv
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from jsonschema import validate

from autograder.export import (
    CANVAS,
    MOODLE,
    ExportError,
    fill_in,
    read_table,
    to_gradescope,
    write_autograder,
)
from autograder.results import (
    Mismatch,
    Outcome,
    Report,
    TestResult,
    read_report,
    score_exercise,
    score_submission,
)

ISOLATION = "standard: tried"


def report(*scores: tuple[str, float]) -> Report:
    """Submissions by name, each with so many of ten points."""
    return Report(ISOLATION, 1, [submission(name, score) for name, score in scores])


def submission(name: str, score: float, outcome: Outcome = Outcome.WRONG):
    tests = [
        TestResult("test_a", Outcome.PASSED, "", weight=score),
        TestResult("test_b", outcome, "the secret path /srv/hidden", weight=10 - score),
    ]
    return score_submission(
        name, [score_exercise("m.f", 10, False, [t for t in tests if t.weight])]
    )


def rows(text: str) -> list[list[str]]:
    return [*csv.reader(io.StringIO(text))]


# --- Learning platforms -------------------------------------------------------------------------

CANVAS_TABLE = """\
Student,ID,SIS User ID,SIS Login ID,Section,Chapter 6 (4711),Final Score
    Points Possible,,,,,10,(read only)
"Lovelace, Ada",7,u7,ada,S1,,
"毛, 小明",8,u8,xiaoming,S1,3,
"O'Brien ""Bob"", Zoë",12,u12,zoë,S1,,
"""

MOODLE_TABLE = """\
Identifier,Full name,Email address,Status,Grade,Maximum Grade,Feedback comments
Participant 7,Ada Lovelace,ada@example.org,Submitted,,10.00,
Participant 8,小明 毛,ming@example.org,Submitted,,10.00,
Participant 12,Ada Lovelace,other@example.org,No submission,,10.00,
"""


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("ada", 2),
        ("u8", 3),
        ("毛, 小明", 3),
        ("ZOE\u0308", 4),  # as another file system writes it
        ("obrienzoe_12_998877_work.zip", 4),
        ("lovelaceada_LATE_7_5_langmodels.tar.gz", 2),
    ],
)
def test_canvas_scores_go_into_the_row_that_the_name_tells(name, row):
    filled = fill_in(report((name, 7.5)), CANVAS_TABLE, CANVAS, "Chapter 6")
    before, after = rows(CANVAS_TABLE), rows(filled.text)
    assert after[row][5] == "7.5"
    after[row][5] = before[row][5]
    assert after == before
    assert (filled.entered, filled.left) == (1, [])


def test_moodle_scores_and_words_go_into_the_worksheet():
    downloads = ("Ada Lovelace_12_assignsubmission_file", "小明 毛_8_assignsubmission_file_")
    filled = fill_in(report((downloads[0], 4), (downloads[1], 10)), MOODLE_TABLE, MOODLE)
    found = {row[0]: (row[4], row[6]) for row in rows(filled.text)[1:]}
    assert found == {
        "Participant 7": ("", ""),
        "Participant 8": ("10", "10 of 10 points"),
        "Participant 12": ("4", "4 of 10 points"),
    }


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (["nobody"], "no row has its name"),
        (["Ada Lovelace"], "2 rows could be its own"),
        (["7", "ada@example.org"], "another submission has the same row"),
    ],
)
def test_what_no_name_tells_is_left_to_a_person(names, reason):
    filled = fill_in(report(*((name, 5) for name in names)), MOODLE_TABLE, MOODLE)
    assert rows(filled.text) == rows(MOODLE_TABLE)
    assert filled.left == [f"{name}: {reason}" for name in names]


def test_what_the_grader_failed_on_gets_no_score():
    faulty = Report(ISOLATION, 1, [submission("7", 5, Outcome.GRADER_FAULT)])
    filled = fill_in(faulty, MOODLE_TABLE, MOODLE)
    assert rows(filled.text) == rows(MOODLE_TABLE)
    assert "the grader itself failed here" in filled.left[0]


def test_what_cannot_be_read_gets_no_score_that_nobody_gave():
    broken = score_submission("7", [], message="the archive is damaged")
    filled = fill_in(Report(ISOLATION, 1, [broken]), MOODLE_TABLE, MOODLE)
    assert rows(filled.text) == rows(MOODLE_TABLE)
    assert filled.left == ["7: nothing could be graded: the archive is damaged"]


@pytest.mark.parametrize("platform", [CANVAS, MOODLE], ids=lambda platform: platform.name)
def test_another_maximum_is_refused_or_scaled(platform):
    table = {"Canvas": CANVAS_TABLE, "Moodle": MOODLE_TABLE}[platform.name].replace("10", "100")
    with pytest.raises(ExportError, match="100 points can be had there and 10 here"):
        fill_in(report(("7", 5)), table, platform, "Chapter 6")
    filled = fill_in(report(("7", 5)), table, platform, "Chapter 6", scale=True)
    place = 5 if platform is CANVAS else 4
    assert next(row[place] for row in rows(filled.text) if "Ada" in "".join(row)) == "50"


@pytest.mark.parametrize(
    ("table", "column", "message"),
    [
        ("a,b\n1,2\n", "", "this is no table of Canvas's"),
        ("", "", "this is no table of Canvas's"),
        (CANVAS_TABLE, "Chapter 9", "no column is called 'Chapter 9'"),
        (CANVAS_TABLE, "S", "several columns are called 'S'"),
        (CANVAS_TABLE.replace(",10", ",(read only)"), "Chapter 6", "is no number of points"),
    ],
)
def test_another_table_is_refused_in_one_sentence(table, column, message):
    with pytest.raises(ExportError, match=message):
        fill_in(report(("7", 5)), table, CANVAS, column)


def test_a_table_from_another_code_page_is_refused(tmp_path):
    (tmp_path / "grades.csv").write_bytes("Zoë".encode("latin-1"))
    with pytest.raises(ExportError, match="is not UTF-8"):
        read_table(tmp_path / "grades.csv")
    (tmp_path / "grades.csv").write_bytes("\ufeffStudent".encode())
    assert read_table(tmp_path / "grades.csv") == "Student"


# --- Gradescope ---------------------------------------------------------------------------------

# As Gradescope documents its results.json.
NUMBER, TEXT = {"type": "number"}, {"type": "string"}
VISIBILITY = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
TEST = {
    "type": "object",
    "required": ["score", "max_score", "name"],
    "additionalProperties": False,
    "properties": {
        "score": NUMBER,
        "max_score": NUMBER,
        "name": TEXT,
        "output": TEXT,
        "output_format": {"enum": ["text", "html", "simple_format", "md", "ansi"]},
        "visibility": VISIBILITY,
    },
}
RESULTS = {
    "type": "object",
    "required": ["score", "tests"],
    "additionalProperties": False,
    "properties": {
        "score": NUMBER,
        "output": TEXT,
        "visibility": VISIBILITY,
        "stdout_visibility": VISIBILITY,
        "tests": {"type": "array", "items": TEST},
    },
}


def test_gradescope_gets_what_it_documents_and_students_nothing_hidden():
    secret = Mismatch("the hidden input", "the expected value", "the answer")
    failed = TestResult("test_f", Outcome.WRONG, "no", mismatch=secret, log="their log")
    passed = TestResult("test_g", Outcome.PASSED, "")
    first = score_exercise("m.f", 4, False, [failed, passed])
    first.flags = ["m.py, line 3: torch.nn.LSTM"]
    bonus = score_exercise("m.bonus", 2, True, [passed])
    whole = Report(ISOLATION, 1, [score_submission("x", [first, bonus])])
    content = json.loads(to_gradescope(whole, "after_published"))
    validate(content, RESULTS)
    assert content["score"] == 4  # two, and two more as a bonus
    assert sum(test["score"] for test in content["tests"]) == content["score"]
    assert sum(test["max_score"] for test in content["tests"]) == 4
    for_students = [t for t in content["tests"] if t["visibility"] != "hidden"]
    assert [t["name"] for t in for_students] == ["m.f", "m.bonus"]
    shown = json.dumps(for_students)
    assert not any(text in shown for text in ("hidden input", "expected value", "their log"))
    assert "torch.nn.LSTM" in json.dumps(content["tests"])


def test_gradescope_gets_no_score_where_the_grader_failed():
    faulty = Report(ISOLATION, 1, [submission("x", 5, Outcome.GRADER_FAULT)])
    with pytest.raises(ExportError, match="grader fault"):
        to_gradescope(faulty)
    with pytest.raises(ExportError, match="takes one submission"):
        to_gradescope(report(("a", 1), ("b", 1)))
    with pytest.raises(ExportError, match="'later' is no visibility"):
        to_gradescope(report(("a", 1)), "later")


@pytest.fixture(scope="module")
def image(project, tmp_path_factory) -> Path:
    """/autograder as Gradescope lays it out, with the Python of these tests in its environment."""
    root = tmp_path_factory.mktemp("autograder")
    archive = root / "autograder.zip"
    write_autograder(project, archive, "after_published")
    source = root / "source"
    with zipfile.ZipFile(archive) as members:
        members.extractall(source)
        modes = {m.filename: m.external_attr >> 16 & 0o777 for m in members.infolist()}
    for script in ("setup.sh", "run_autograder"):
        assert modes[script] == 0o755
        subprocess.run(["bash", "-n", source / script], check=True)
    course = source / "course" / ".venv" / "bin" / "course"
    course.parent.mkdir(parents=True)
    code = "from autograder.cli import main; main()"
    course.write_text(f'#!/bin/sh\nPYTHONPATH="$PWD" exec {sys.executable} -c "{code}" "$@"\n')
    course.chmod(0o755)
    (root / "results").mkdir()
    return root


def run_autograder(image: Path, package: Path) -> subprocess.CompletedProcess[str]:
    shutil.rmtree(image / "submission", ignore_errors=True)
    shutil.copytree(package, image / "submission")
    (image / "results" / "results.json").unlink(missing_ok=True)
    return subprocess.run(
        ["bash", image / "source" / "run_autograder"],
        env={"PATH": os.environ["PATH"], "HOME": str(image), "AUTOGRADER_ROOT": str(image)},
        capture_output=True,
        text=True,
    )


@pytest.mark.slow  # it sets the course up and grades, as Gradescope would
def test_gradescope_runs_the_autograder(image, submit, complete, project):
    done = run_autograder(image, submit(complete))
    assert done.returncode == 0, done.stdout + done.stderr
    content = json.loads((image / "results" / "results.json").read_text("utf-8"))
    validate(content, RESULTS)
    ngrams = [e for e in project.catalog.exercises.values() if e.module == "ngrams"]
    assert content["score"] == sum(exercise.points for exercise in ngrams)
    assert content["score"] == read_report(image / "graded" / "results.json").submissions[0].score


def test_gradescope_tells_a_student_what_is_wrong_with_the_upload(image, tmp_path):
    (tmp_path / "thesis.tex").write_text("ten years of work")
    done = run_autograder(image, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    content = json.loads((image / "results" / "results.json").read_text("utf-8"))
    assert content["score"] == 0
    assert "langmodels/" in content["output"]
