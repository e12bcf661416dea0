"""Tests that need a GPU: they wait with their points open, run elsewhere, and are merged back.

No GPU is asked for here: `course gpu run --rehearse` and `course verify` run the same code on the
CPU, and what a box opens for an accelerator is tried without one.
"""

import copy
import io
import json
import os
import re
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import msgspec
import pytest
from rich.console import Console
from typer.testing import CliRunner

from autograder import doctor, gpu, isolation, reports, sandbox
from autograder.box import Box, StudentFaultError
from autograder.catalog import Limits
from autograder.cli import app
from autograder.farside import Load
from autograder.gpu import GpuError
from autograder.grade import check, grade
from autograder.project import Project
from autograder.results import (
    Outcome,
    Report,
    ReportError,
    TestResult,
    read_report,
    score_exercise,
)
from autograder.student import RemotePackage
from autograder.sync import sync
from autograder.verify import verify

REFERENCE = '''
"""A module with two exercises."""


def double(numbers: list[int]) -> list[int]:
    """Twice each number."""
    # BEGIN SOLUTION
    return [2 * number for number in numbers]
    # END SOLUTION


def redouble(numbers: list[int]) -> list[int]:
    """Four times each number."""
    # BEGIN SOLUTION
    return double(double(numbers))
    # END SOLUTION
'''

CATALOG = """
[chapter]
number = 1
part = "I"
title = "Demo"
page = "demo"

[[exercise]]
id = "demo.double"
title = "Double"
points = 6
minutes = 1
difficulty = 1
hints = ["?"]

[[exercise]]
id = "demo.redouble"
title = "Redouble"
points = 2
minutes = 1
difficulty = 1
needs = ["demo.double"]
hints = ["?"]
"""

VISIBLE = '''
import pytest

from autograder.testing import exercise, expect


@exercise("demo.double")
def test_doubles(student, rng):
    """Each number is doubled."""
    for size in (1, 3):
        numbers = [rng.randrange(2, 90) for _ in range(size)]
        expect(student.demo.double(numbers), [n + n for n in numbers])


@exercise("demo.redouble")
def test_redoubles(student, rng):
    """Each number is doubled twice."""
    numbers = [rng.randrange(2, 90) for _ in range(3)]
    expect(student.demo.redouble(numbers), [4 * n for n in numbers])
'''

NEEDS_GPU = '''

@pytest.mark.gpu
@exercise("demo.double", weight=2)
def test_doubles_many(student, device, rng):
    """A GPU doubles many numbers."""
    numbers = [rng.randrange(2, 90) for _ in range(5 if device == "cpu" else 5000)]
    expect(student.support.on(device, numbers), [n + n for n in numbers])
'''
TESTS = VISIBLE + NEEDS_GPU

SUPPORT = '''
def on(device, numbers):
    """The student's function; with tensors, here they would move to the device."""
    from langmodels import demo

    return demo.double(numbers)
'''

SOLVED = REFERENCE.replace("    # BEGIN SOLUTION\n", "").replace("    # END SOLUTION\n", "")
SUBMISSIONS = {
    "right": SOLVED,
    # Wrong only where the test is that needs a GPU: with five numbers.
    "small": SOLVED.replace(
        "return [2 * number for number in numbers]",
        "return [2 * n for n in numbers] if len(numbers) < 4 else []",
    ),
    "stub": SOLVED.replace(
        "return [2 * number for number in numbers]", 'raise NotImplementedError("demo.double")'
    ),
}


def write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(textwrap.dedent(text).lstrip(), "utf-8")


def make_course(root: Path) -> Project:
    write(root, "solutions/langmodels/__init__.py", '"""Demo."""\n')
    write(root, "solutions/langmodels/demo.py", REFERENCE)
    write(root, "exercises/01-gpu/exercises.toml", CATALOG)
    write(root, "exercises/01-gpu/test_many.py", TESTS)
    write(root, "exercises/01-gpu/support.py", SUPPORT)
    write(root, "autograder/hidden/01-gpu/test_many.py", TESTS)
    write(root, "autograder/hidden/01-gpu/support.py", SUPPORT)
    for name, text in SUBMISSIONS.items():
        write(root, f"handed-in/{name}/langmodels/demo.py", text)
    # What a student writes about GPU results is nobody's business.
    write(root, "handed-in/small/gpu.json", '{"score": 100}')
    sync(root)
    return Project(root)


@pytest.fixture
def course(tmp_path):
    """A tiny course with one test that needs a GPU, and three submissions."""
    return make_course(tmp_path / "course")


class Done(msgspec.Struct):
    project: Project
    report: Report  # of course grade
    run: gpu.GpuRun  # a rehearsal

    def merged(self) -> Report:
        return gpu.merge(self.report, self.run, self.project.catalog)


@pytest.fixture(scope="module")
def both_runs(tmp_path_factory):
    """The course, graded and rehearsed once for the tests that only read."""
    project = make_course(tmp_path_factory.mktemp("gpu") / "course")
    paths = [project.root / "handed-in" / name for name in SUBMISSIONS]
    exercises = project.catalog.select([])
    results = grade(project, paths, exercises, seed=1, jobs=1)
    report = Report("standard: landlock", 1, results, suite=project.suite_digest())
    run = gpu.run(project, paths, exercises, 2, gpu.REHEARSAL, "standard: landlock; open: GPU")
    return project, report, run


@pytest.fixture
def done(both_runs):
    """The same, to be spoilt."""
    project, report, run = both_runs
    return Done(project, copy.deepcopy(report), copy.deepcopy(run))


def by_name(report):
    return {s.name: s for s in report.submissions}


# --- Without a GPU: points stay open -----------------------------------------------------------


def outcomes(submission):
    return [[test.outcome for test in e.tests] for e in submission.exercises]


def test_what_needs_a_gpu_waits_with_its_points_open(done):
    right = by_name(done.report)["right"]
    double = right.exercises[0]
    assert outcomes(right) == [[Outcome.PASSED, Outcome.NO_GPU], [Outcome.PASSED]]
    assert (double.score, double.max_score, double.open) == (2, 2, 4)
    assert (right.score, right.max_score, right.open) == (4, 4, 4)
    assert double.outcome is Outcome.PASSED
    assert "needs a GPU" in double.tests[1].message
    assert double.tests[1].device == ""
    # Open points below it are no failure of what an exercise builds on.
    assert right.exercises[1].integration is Outcome.PASSED


def test_what_is_not_written_has_no_open_points(done):
    stub = by_name(done.report)["stub"].exercises[0]
    assert {test.outcome for test in stub.tests} == {Outcome.NOT_STARTED}
    assert (stub.score, stub.max_score, stub.open) == (0, 6, 0)


def test_check_does_not_run_it_and_does_not_fail_for_it(course):
    write(course.root, "src/langmodels/demo.py", SOLVED)
    (result,) = check(course, course.catalog.select(["demo.double"]), 1).submissions[0].exercises
    assert [test.outcome for test in result.tests] == [Outcome.PASSED, Outcome.NO_GPU]
    assert (result.outcome, result.open) == (Outcome.PASSED, 4)


def scored(*tests, points=6.0):
    made = [TestResult("t", outcome, "m", weight=weight) for outcome, weight in tests]
    found = score_exercise("m.f", points, False, made)
    return found.score, found.max_score, found.open, found.outcome


def test_open_points_and_the_others_are_all_points():
    passed, wrong, waits = Outcome.PASSED, Outcome.WRONG, Outcome.NO_GPU
    assert scored((passed, 1), (wrong, 1), (waits, 1)) == (2, 4, 2, wrong)
    assert scored((waits, 1), (passed, 2)) == (4, 4, 2, passed)
    assert scored((waits, 1)) == (0, 0, 6, waits)
    assert scored((waits, 1), (Outcome.GRADER_FAULT, 1)) == (0, 0, 6, Outcome.GRADER_FAULT)
    assert scored((waits, 1), (Outcome.INCONCLUSIVE, 1), (passed, 1))[:3] == (3, 3, 3)
    score, most, waiting, _ = scored((passed, 1), (passed, 1), (waits, 1), points=1.0)
    assert (score, most, waiting) == (0.67, 0.67, 0.33)


def plain_pytest(course, *options):
    modules = ("-m", "pytest", "-p", "autograder.plugin", "-p", "no:cacheprovider")
    return subprocess.run(
        [sys.executable, *modules, "-rs", "-q", "--strict-markers", *options, "exercises"],
        cwd=course.root,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": "solutions", "CUDA_VISIBLE_DEVICES": ""},
    )


def test_plain_pytest_skips_it_and_says_why(course):
    found = plain_pytest(course).stdout
    assert "2 passed, 1 skipped" in found, found
    assert "not run: no GPU" in found


def test_plain_pytest_can_rehearse_it(course):
    assert "3 passed" in plain_pytest(course, "--gpu-device=cpu").stdout


def test_a_test_that_uses_the_device_must_be_marked(course):
    unmarked = TESTS.replace("@pytest.mark.gpu\n", "")
    write(course.root, "exercises/01-gpu/test_many.py", unmarked)
    found = plain_pytest(course, "--gpu-device=cpu").stdout
    assert "has to be marked: @pytest.mark.gpu" in found


# --- Reports -----------------------------------------------------------------------------------


def test_every_report_says_what_is_open(done, tmp_path):
    catalog = done.project.catalog
    report = msgspec.structs.replace(done.report, submissions=[by_name(done.report)["right"]])
    reports.write_run(report, catalog, tmp_path)
    texts = {p.name: p.read_text("utf-8") for p in tmp_path.rglob("*") if p.is_file()}
    (page,) = (tmp_path / "students").glob("*.html")
    waiting = "4 more open: no GPU"
    for text in (page.read_text("utf-8"), texts["index.html"], texts["results.md"]):
        assert waiting in text
        assert "Points are open where a test needs a GPU" in text
    assert "not run: no GPU" in page.read_text("utf-8")
    submission = json.loads(texts["results.json"])["submissions"][0]
    assert (submission["max_score"], submission["open"]) == (4, 4)
    assert submission["exercises"][0]["open"] == 4
    assert '<property name="open" value="4" />' in texts["results.xml"]
    assert 'type="not_run_no_gpu"' in texts["results.xml"]
    assert 'failures="0"' in texts["results.xml"]
    header, row = texts["results.csv"].splitlines()
    assert row.split(",")[header.split(",").index('"open"')] == "4"

    terminal = io.StringIO()
    reports.print_scores(Console(width=200, file=terminal), report)
    reports.print_check(Console(width=200, file=terminal), report.submissions[0], catalog)
    said = terminal.getvalue()
    assert said.count(waiting) == 3  # the score table, the exercise, the sum
    assert "4 / 4 points, 4 more open" in said


def test_where_nothing_waits_no_report_speaks_of_it(done, tmp_path):
    report = msgspec.structs.replace(done.report, submissions=[by_name(done.merged())["right"]])
    reports.write_run(report, done.project.catalog, tmp_path)
    texts = {p.name: p.read_text("utf-8") for p in tmp_path.rglob("*") if p.is_file()}
    assert not any("more open" in text or "Points are open" in text for text in texts.values())
    assert any("on cpu: a rehearsal" in text for text in texts.values())


def test_a_wrong_exercise_is_not_told_by_what_waits(done, capsys):
    waits = TestResult("a", Outcome.NO_GPU, "it needs a GPU")
    wrong = TestResult("b", Outcome.WRONG, "no", property="The answer is right.", visible=True)
    right = by_name(done.report)["right"]
    right.exercises = [score_exercise("demo.double", 6, False, [waits, wrong])]
    reports.print_check(Console(), right, done.project.catalog)
    said = capsys.readouterr().out
    assert "The answer is right." in said
    assert "fails too" not in said


# --- Keys and signatures -----------------------------------------------------------------------


def test_a_key_is_for_its_owner_alone_and_never_overwritten(tmp_path):
    path = tmp_path / "key"
    gpu.make_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert re.fullmatch("[0-9a-f]{64}\n", path.read_text())
    before = gpu.read_key(path)
    with pytest.raises(GpuError, match="never overwritten"):
        gpu.make_key(path)
    assert gpu.read_key(path) == before
    gpu.make_key(tmp_path / "other")
    assert gpu.read_key(tmp_path / "other") != before


@pytest.mark.parametrize("text", ["", "zz", "00" * 16, "é"])
def test_a_file_that_is_no_key_is_refused(tmp_path, text):
    (tmp_path / "key").write_text(text, "utf-8")
    with pytest.raises(GpuError, match="holds no key; make one with course gpu key"):
        gpu.read_key(tmp_path / "key")


KEY = bytes(range(32))


@pytest.fixture
def signed(done, tmp_path):
    """The run as its file."""
    path = tmp_path / "gpu.json"
    path.write_text(gpu.sealed(done.run, KEY), "utf-8")
    return path


def test_what_was_signed_is_what_is_read(done, signed):
    assert gpu.unsealed(signed, KEY) == done.run
    content = json.loads(signed.read_text("utf-8"))
    signed.write_text(json.dumps(content, sort_keys=True), "utf-8")  # laid out in another way
    assert gpu.unsealed(signed, KEY) == done.run
    assert KEY.hex() not in signed.read_text()


def test_names_that_are_not_text_can_be_signed(done, tmp_path):
    done.run.submissions[0].name = "a\ud800\u202eb"
    (tmp_path / "gpu.json").write_text(gpu.sealed(done.run, KEY), "utf-8")
    assert gpu.unsealed(tmp_path / "gpu.json", KEY).submissions[0].name == "a\\ud800\u202eb"


def test_another_key_is_named(signed):
    with pytest.raises(GpuError, match="signed with another key"):
        gpu.unsealed(signed, bytes(32))


@pytest.mark.parametrize(
    "old, new",
    [
        ('"outcome": "wrong"', '"outcome": "passed"'),
        ('"seed": 2', '"seed": 3'),
        ('"weight": 2.0', '"weight": 3.0'),
        ('"is_rehearsal": true', '"is_rehearsal": false'),
        ('"name": "right"', '"name": "small"'),
        ('"device": "cpu: a rehearsal",\n    "isolation"', '"device": "cuda",\n    "isolation"'),
    ],
)
def test_whatever_is_altered_is_noticed(signed, old, new):
    text = signed.read_text("utf-8")
    assert old in text
    signed.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(GpuError, match="was altered"):
        gpu.unsealed(signed, KEY)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"run": {}, "key": 1}', "\x00"])
def test_another_kind_of_file_is_named(tmp_path, text):
    path = tmp_path / "some.json"
    path.write_text(text)
    with pytest.raises(GpuError, match=r"some.json is no file that course gpu run has written"):
        gpu.unsealed(path, KEY)
    with pytest.raises(ReportError, match=r"some.json is not a results.json of course grade"):
        read_report(path)


def test_a_file_of_another_version_is_named(done, tmp_path):
    done.run.schema = 99
    (tmp_path / "gpu.json").write_text(gpu.sealed(done.run, KEY), "utf-8")
    with pytest.raises(GpuError, match="another version"):
        gpu.unsealed(tmp_path / "gpu.json", KEY)


# --- Merging -----------------------------------------------------------------------------------


def test_a_gpu_run_holds_only_what_needs_one(done):
    assert {part.name: sorted(part.tests) for part in done.run.submissions} == {
        name: ["demo.double"] for name in SUBMISSIONS
    }
    for part in done.run.submissions:
        (test,) = part.tests["demo.double"]
        assert (test.name, test.device) == ("test_doubles_many", "cpu: a rehearsal")
    graded = by_name(done.report)
    assert all(part.digest == graded[part.name].digest for part in done.run.submissions)
    assert len({part.digest for part in done.run.submissions}) == len(SUBMISSIONS)


def test_merged_results_take_the_place_of_those_that_waited(done):
    merged = by_name(done.merged())
    right, small, stub = merged["right"], merged["small"], merged["stub"]
    assert (right.score, right.max_score, right.open) == (8, 8, 0)
    assert outcomes(right)[0] == [Outcome.PASSED, Outcome.PASSED]
    assert (small.score, small.max_score, small.open) == (4, 8, 0)
    assert small.exercises[0].outcome is Outcome.WRONG
    assert right.exercises[1].integration is Outcome.PASSED
    assert stub == by_name(done.report)["stub"]
    assert right.digest == by_name(done.report)["right"].digest
    assert by_name(done.report)["right"].open == 4  # the original is untouched


def test_merging_keeps_an_example(done):
    graded = by_name(done.report)["small"].exercises[0]
    graded.example = graded.tests[0]
    assert by_name(done.merged())["small"].exercises[0].example == graded.tests[0]


def test_merging_twice_changes_nothing(done):
    once = done.merged()
    assert gpu.merge(once, done.run, done.project.catalog) == once


def test_the_isolation_of_both_runs_is_told_and_the_weaker_gives_the_rung(done):
    told = done.merged().isolation
    assert told.startswith("standard: landlock; GPU tests (cpu: a rehearsal) standard: ")
    done.run.isolation = isolation.UNSAFE
    told = done.merged().isolation
    assert told.startswith("none: GPU tests")
    assert "standard: landlock" in told


def part_of(done, name="right"):
    return next(part for part in done.run.submissions if part.name == name)


def another_suite(done):
    done.run.suite = "0"


def another_file(done):
    part_of(done).digest = "0"


def not_graded(done):
    part_of(done).name = "berta"


def not_read_when_graded(done):
    by_name(done.report)["right"].digest = ""


def unknown_exercise(done):
    part_of(done).tests["demo.triple"] = part_of(done).tests["demo.double"]


def unknown_test(done):
    part_of(done).tests["demo.double"][0].name = "test_other"


def one_more(done):
    part_of(done).tests["demo.double"] *= 2


def no_result(done):
    part_of(done).tests["demo.double"][0].outcome = Outcome.NO_GPU


def merged_already(done):
    done.report = copy.deepcopy(done.merged())
    part_of(done).tests["demo.double"][0].outcome = Outcome.WRONG


REFUSALS = {
    another_suite: "different tests, references or catalogs",
    another_file: "right: the files that ran on the GPU are not those that were graded",
    not_graded: "berta was run on the GPU and is not in these results",
    not_read_when_graded: "right: the files that ran on the GPU are not those that were graded",
    unknown_exercise: "right: demo.triple ran on the GPU and was not graded",
    unknown_test: "right: test_other of demo.double ran on the GPU and is no test of these results",
    one_more: "right: test_doubles_many of demo.double ran on the GPU and is no test",
    no_result: "right: test_doubles_many of demo.double has no result",
    merged_already: "right: test_doubles_many of demo.double has another GPU run's result",
}


@pytest.mark.parametrize("spoil, words", REFUSALS.items(), ids=[f.__name__ for f in REFUSALS])
def test_what_does_not_fit_is_refused_in_one_sentence(done, spoil, words):
    spoil(done)
    before = copy.deepcopy(done.report)
    with pytest.raises(GpuError, match=re.escape(words)) as refusal:
        done.merged()
    assert "\n" not in str(refusal.value)
    assert done.report == before


def test_a_fault_of_the_grader_leaves_the_points_open(done):
    part_of(done).tests["demo.double"][0].outcome = Outcome.GRADER_FAULT
    assert by_name(done.merged())["right"].open == 4


def test_an_unclear_timing_can_be_run_again(done):
    good = copy.deepcopy(done.run)
    part_of(done).tests["demo.double"][0].outcome = Outcome.INCONCLUSIVE
    unclear = done.merged()
    right = by_name(unclear)["right"]
    assert (right.score, right.max_score, right.open) == (8, 8, 0)
    assert right.exercises[0].outcome is Outcome.INCONCLUSIVE
    again = by_name(gpu.merge(unclear, good, done.project.catalog))["right"]
    assert again.exercises[0].outcome is Outcome.PASSED


def test_what_could_not_be_run_stays_open(done):
    part = part_of(done)
    part.message, part.digest, part.tests = "it cannot be read", "", {}
    assert by_name(done.merged())["right"].open == 4


def test_remarks_of_both_runs_are_kept(done):
    by_name(done.report)["right"].exercises[0].flags = ["one"]
    part_of(done).flags["demo.double"] = ["one", "two"]
    assert by_name(done.merged())["right"].exercises[0].flags == ["one", "two"]


def test_a_digest_is_of_names_and_contents():
    from autograder.submission import digest_of

    sets = [{"a": b"bc"}, {"ab": b"c"}, {"a": b"b", "c": b""}, {"a": b"b"}, {}]
    assert len({digest_of(files) for files in sets}) == len(sets)
    assert digest_of({"a": b"1", "b": b"2"}) == digest_of({"b": b"2", "a": b"1"})


@pytest.mark.parametrize(
    "path",
    [
        "autograder/hidden/01-gpu/test_many.py",
        "autograder/hidden/01-gpu/support.py",
        "solutions/langmodels/demo.py",
        "exercises/01-gpu/exercises.toml",
    ],
)
def test_a_suite_is_its_tests_its_reference_and_its_catalog(course, path):
    before = course.suite_digest()
    (course.root / "exercises/01-gpu/notes.md").write_text("nothing that counts")
    assert course.suite_digest() == before
    (course.root / path).write_text((course.root / path).read_text() + "\n")
    assert course.suite_digest() != before


# --- The commands ------------------------------------------------------------------------------


@pytest.fixture
def run(course, monkeypatch):
    """`course …` in the tiny course, in this process; gives the exit code and what was said."""
    monkeypatch.chdir(course.root)

    def command(*arguments, proven=True):
        if proven:  # once is enough, see the first of these tests
            found = isolation.Isolation(("landlock",), (), ())
            monkeypatch.setattr(isolation, "prove", lambda *_, **__: found)
        done = CliRunner().invoke(app, [str(a) for a in arguments])
        if isinstance(done.exception, GpuError):
            return 2, str(done.exception)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.stdout + done.stderr

    return command


def test_grade_run_and_merge(run, course):
    code, said = run("gpu", "key", "key", proven=False)
    assert (code, said.split(":")[0]) == (0, "wrote key")
    code, _ = run("grade", "handed-in", "--jobs", 1, "--out", "out", proven=False)
    assert code == 0
    graded = (course.root / "out/results.json").read_bytes()
    code, said = run(
        *("gpu", "run", "handed-in", "--key", "key", "--out", "gpu.json", "--rehearse"),
        proven=False,
    )
    assert code == 0, said
    assert "3 submissions on cpu: a rehearsal" in said
    assert "course gpu merge" in said
    signed = json.loads((course.root / "gpu.json").read_text())
    assert "open: the GPU and its driver" in signed["run"]["isolation"]

    code, said = run("gpu", "merge", "out/results.json", "gpu.json", "--key", "key")
    assert (code, said) == (2, "gpu.json is a rehearsal on the CPU, which gives no points")
    assert (course.root / "out/results.json").read_bytes() == graded
    arguments = ("gpu", "merge", "out/results.json", "gpu.json", "--key", "key", "--rehearse")
    code, said = run(*arguments, "--out", "elsewhere")
    assert code == 0, said
    assert (course.root / "out/results.json").read_bytes() == graded
    assert re.search(r"right +4 / 4 +8 / 8", said)
    assert re.search(r"small +4 / 4 +4 / 8", said)
    written = [p for p in (course.root / "elsewhere").rglob("*") if p.is_file()]
    names = {p.relative_to(course.root / "elsewhere").as_posix().split("-")[0] for p in written}
    assert {"results.json", "results.xml", "results.csv", "results.md"} <= names
    assert {"students/right", "instructor/right", "instructor/index.html"} <= names

    code, said = run(*arguments)
    assert code == 0
    merged = (course.root / "out/results.json").read_bytes()
    assert merged == (course.root / "elsewhere/results.json").read_bytes()
    code, said = run(*arguments)
    assert code == 0
    assert "No score has changed." in said
    assert (course.root / "out/results.json").read_bytes() == merged
    code, said = run(*arguments, "--json")
    assert json.loads(said)["submissions"][0]["open"] == 0


def test_a_machine_without_a_gpu_is_wrong_use(run, monkeypatch):
    monkeypatch.setattr(
        gpu.subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 0, "")
    )
    run("gpu", "key", "key")
    code, said = run("gpu", "run", "handed-in", "--key", "key")
    assert code == 2
    assert said == "torch.accelerator sees no GPU on this machine; see course doctor"


def test_a_gpu_is_named_and_another_kind_refused(monkeypatch):
    saw = subprocess.CompletedProcess([], 0, "cuda NVIDIA H100\n")
    monkeypatch.setattr(gpu.subprocess, "run", lambda *_, **__: saw)
    assert gpu.find_device() == gpu.find_device("cuda") == ("cuda", "cuda: NVIDIA H100")
    with pytest.raises(GpuError, match=r"no xpu on this machine: torch\.accelerator sees"):
        gpu.find_device("xpu")


def test_looking_for_a_gpu_runs(monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    done = subprocess.run([sys.executable, "-c", gpu._ASK], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_suite_without_such_tests_is_said(run, course):
    write(course.root, "autograder/hidden/01-gpu/test_many.py", VISIBLE)
    run("gpu", "key", "key")
    code, said = run(
        "gpu", "run", "handed-in", "--key", "key", "--rehearse", "--only", "demo.double"
    )
    assert code == 2
    assert "no hidden test of these exercises is marked gpu" in said
    assert not (course.root / "build/gpu.json").exists()


def test_a_broken_submission_is_said_and_the_others_are_run(run, course):
    (course.root / "handed-in/broken.zip").write_text("nothing")
    run("gpu", "key", "key")
    code, said = run("gpu", "run", "handed-in", "--key", "key", "--rehearse", "--out", "gpu.json")
    assert code == 0
    assert "! broken.zip: broken.zip is neither a folder nor an archive" in said
    run("grade", "handed-in", "--jobs", 1, "--out", "out")
    code, _ = run("gpu", "merge", "out/results.json", "gpu.json", "--key", "key", "--rehearse")
    assert code == 0


# --- course verify and doctor ------------------------------------------------------------------


def proof(course, seeds=1):
    (only,) = verify(course, course.catalog.select(["demo.double"]), jobs=1, seeds=seeds)
    return only


def with_library(course, **mistakes):
    for name, body in mistakes.items():
        text = f'"""It gives {name}."""\n\n\ndef double(numbers):\n    {body}\n'
        write(course.root, f"autograder/mistakes/demo/double/{name}.py", text)
    text = '"""Sums."""\n\n\ndef double(numbers):\n    return [n + n for n in numbers]\n'
    write(course.root, "autograder/alternatives/demo/double/sum.py", text)


LIBRARY = {
    "same": "return numbers",
    "square": "return [n * n + 1 for n in numbers]",
    "first_only": "return [2 * numbers[0]]",
    "plus_two": "return [n + 2 for n in numbers]",
    "as_text": "return [str(2 * n) for n in numbers]",
    "reversed_order": "return [2 * n for n in numbers[::-1]]",
}


def test_verify_rehearses_what_needs_a_gpu(course):
    with_library(course, **LIBRARY)
    found = proof(course, seeds=2)
    assert found.problems == []
    assert found.hidden_tests == 2


def test_a_quick_proof_rehearses_with_the_reference_and_a_whole_one_with_all_that_is_right(course):
    with_library(course, **LIBRARY)
    for_few = '"""Sums."""\n\n\ndef double(numbers):\n    return [n + n for n in numbers[:4]]\n'
    write(course.root, "autograder/alternatives/demo/double/sum.py", for_few)
    assert proof(course).problems == []
    (problem,) = proof(course, seeds=2).problems[:1]
    assert problem.startswith("alternative sum fails test_doubles_many (wrong)")


@pytest.mark.parametrize(
    "old, new, problem",
    [
        ("[n + n for n in numbers])\n", "[n for n in numbers])\n", "fails test_doubles_many"),
        ("for _ in range(5 if", "for _ in nowhere(5 if", "test_doubles_many fails itself"),
        ("student.support.on(", "student.support.off(", "fails test_doubles_many"),
    ],
    ids=["wrong", "fails itself", "calls what is not there"],
)
def test_verify_finds_a_test_for_gpus_that_is_wrong(course, old, new, problem):
    with_library(course, **LIBRARY)
    spoilt = VISIBLE + NEEDS_GPU.replace(old, new)
    assert spoilt != TESTS
    write(course.root, "autograder/hidden/01-gpu/test_many.py", spoilt)
    assert any(problem in found for found in proof(course).problems)


def test_verify_does_not_mind_an_unclear_timing_in_a_rehearsal(course):
    with_library(course, **LIBRARY)
    unclear = "\n    raise InconclusiveError('5 times, 0.5 to 2 times as fast')\n"
    tests = TESTS.replace("import exercise", "import InconclusiveError, exercise") + unclear
    write(course.root, "autograder/hidden/01-gpu/test_many.py", tests)
    assert proof(course).problems == []


def test_a_mistake_that_only_a_gpu_catches_is_not_caught(course):
    only_many = "return [2 * n for n in numbers] if len(numbers) < 4 else []"
    with_library(course, **LIBRARY | {"first_only": only_many})
    assert "mistake first_only passes every hidden test" in proof(course).problems


def test_doctor_tells_what_the_machine_has(monkeypatch):
    import torch

    def finds(device, nodes):
        monkeypatch.setattr(torch.accelerator, "current_accelerator", lambda **_: device)
        monkeypatch.setattr(sandbox, "accelerator_devices", lambda *_: nodes)
        found = doctor._accelerator("run: make course", "")
        return found.state, found.good

    assert finds(None, [])[1]
    assert "no GPU" in finds(None, [])[0]
    state, good = finds(None, ["/dev/nvidia0"])
    assert not good
    assert state == "there (/dev/nvidia0), but torch.accelerator does not see it"
    assert finds(torch.device("cuda"), ["/dev/nvidia0"]) == (
        "cuda: torch.accelerator sees it",
        True,
    )


# --- The box -----------------------------------------------------------------------------------

CODE = '''
import os
import socket
import subprocess
import threading


def read(path):
    with open(path, "rb") as file:
        return len(file.read(1))


def write(path):
    with open(path, "w") as file:
        file.write("x")


def connect(path):
    socket.socket(socket.AF_UNIX).connect(path)


def spawn():
    return subprocess.run(["/bin/true"]).returncode


def fork():
    return os.fork()


def visible():
    return sorted(name for name in os.environ if name.endswith("VISIBLE_DEVICES"))


def name_a_thread():
    """As CUDA does, through /proc."""
    def work():
        path = f"/proc/self/task/{threading.get_native_id()}/comm"
        with open(path, "w") as file:
            file.write("cuda")
        with open(path) as file:
            names.append(file.read().strip())
    names = []
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    return names


def file_in_memory(mebibytes):
    handle = os.memfd_create("x")
    os.ftruncate(handle, mebibytes * 2**20)
    return os.fstat(handle).st_size // 2**20


def train():
    import torch

    layer = torch.nn.Linear(2, 2)
    with torch.enable_grad():
        layer(torch.ones(1, 2)).sum().backward()
    return layer.weight.grad.tolist(), torch.get_num_threads()


def multiply():
    import torch

    return (torch.ones(3, 4) @ torch.ones(4, 5)).sum().item()
'''


def ask(name, *arguments, accelerator=True, imports=()):
    load = Load(files={"code.py": CODE.encode()})
    with Box(load, Limits(wall_s=30), imports, accelerator=accelerator) as box:
        box.ask("load")
        return RemotePackage(box).call("code", name, arguments, {}, keep=False)


REFUSED = {
    "read": ("/etc/passwd",),
    "write": ("/tmp/accelerator",),
    "connect": ("/nowhere",),
    "spawn": (),
    "fork": (),
}


@pytest.mark.parametrize("name, arguments", REFUSED.items(), ids=REFUSED)
def test_a_box_with_an_accelerator_still_refuses(name, arguments):
    with pytest.raises(StudentFaultError) as refusal:
        ask(name, *arguments)
    assert refusal.value.outcome is Outcome.BLOCKED


def test_a_box_with_an_accelerator_stands_the_self_test(project):
    found = isolation.prove(project.secrets, accelerator=True)
    assert [p.name for p in found.unproven] == []
    plain = {p.name for p in isolation.prove(project.secrets).properties}
    assert plain - {p.name for p in found.properties} == {"take memory without end"}
    assert "open: the GPU and its driver" in str(found)


def test_a_driver_may_name_its_threads_and_share_a_little_memory():
    assert ask("name_a_thread") == ["cuda"]
    assert ask("file_in_memory", sandbox.ACCELERATOR_FILE_MB) == sandbox.ACCELERATOR_FILE_MB
    with pytest.raises(StudentFaultError):
        ask("file_in_memory", sandbox.ACCELERATOR_FILE_MB + 1)
    assert ask("name_a_thread", accelerator=False) == []
    with pytest.raises(StudentFaultError):
        ask("file_in_memory", 1, accelerator=False)


def test_gradients_flow_in_such_a_box():
    assert ask("train", imports=["torch"]) == ([[1.0, 1.0], [1.0, 1.0]], 1)


def test_costs_are_counted_in_such_a_box():
    load = Load(files={"code.py": CODE.encode()})
    with Box(load, Limits(wall_s=30), ["torch"], accelerator=True) as box:
        box.ask("load")
        package = RemotePackage(box)
        package.measure()
        assert package.call("code", "multiply", (), {}, keep=False) == 60.0
        assert package.cost().flops == 2 * 3 * 4 * 5


def test_only_such_a_box_sees_the_gpus_that_the_grader_may_use(monkeypatch):
    from autograder import box

    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "3")
    assert box._environment(True)["CUDA_VISIBLE_DEVICES"] == "3"
    assert box._environment(False)["CUDA_VISIBLE_DEVICES"] == ""
    box._zygote.cache_clear()
    try:
        assert ask("visible") == ["CUDA_VISIBLE_DEVICES"]
        assert ask("visible", accelerator=False) == []
    finally:
        box._zygote.cache_clear()


def test_rules_for_devices_are_for_such_a_box_only(monkeypatch, tmp_path):
    if sys.platform != "linux":
        pytest.skip("Landlock is Linux's")
    (tmp_path / "nvidia0").write_text("")
    added = []
    monkeypatch.setattr(sandbox, "ACCELERATOR_DEVICES", (f"{tmp_path}/nvidia*",))
    monkeypatch.setattr(sandbox, "_create_ruleset", lambda: (-1, 2**16 - 1))
    monkeypatch.setattr(sandbox, "_syscall", lambda *_: 0)
    monkeypatch.setattr(sandbox.os, "close", lambda _: None)
    monkeypatch.setattr(sandbox, "_allow_beneath", lambda _, *rule: added.append(rule))
    sandbox._landlock(sandbox.Policy(), ["/usr/lib"])
    plain = [("/usr/lib", sandbox.READ), *sandbox.DEVICES.items()]
    assert added == plain
    added.clear()
    sandbox._landlock(sandbox.Policy(accelerator=True), ["/usr/lib"])
    assert added[: len(plain)] == plain
    more = dict(added[len(plain) :])
    everything = sandbox.READ | sandbox.WRITE_FILE | sandbox.IOCTL
    assert more[f"{tmp_path}/nvidia0"] == everything
    writable = [path for path, rights in more.items() if rights & ~sandbox.READ]
    assert writable == [f"{tmp_path}/nvidia0", "/proc/self/task"]
    assert not any(path in ("/", "/proc", "/sys", "/dev", "/etc") for path in more)
