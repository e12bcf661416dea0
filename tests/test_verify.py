"""`course verify` finds what is wrong with a suite: each gap that it is for is planted here."""

import json
import random
import shutil
from functools import partial
from pathlib import Path

import jsonschema
import msgspec
import pytest
from typer.testing import CliRunner

from autograder import proofs
from autograder.catalog import load_catalog
from autograder.cli import app
from autograder.examiner import Target, examine
from autograder.mutants import Sample
from autograder.plugin import DEFAULT_SEED
from autograder.project import GRADER, LIBRARY, Project
from autograder.reports import json_schema
from autograder.samples import write_samples
from autograder.submission import read_package
from autograder.sync import sync
from autograder.verify import _prove, verify

REFERENCE = '''
"""A module with one exercise."""


def double(numbers: list[int]) -> list[int]:
    """Twice each number."""
    # BEGIN SOLUTION
    return [2 * number for number in numbers]
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
points = 2
minutes = 1
difficulty = 1
hints = ["?"]
"""

TESTS = '''
from autograder.testing import exercise, expect


@exercise("demo.double")
def test_doubles(student, rng):
    """Each number is doubled."""
    for size in (1, 3):
        numbers = [rng.randrange(2, 90) for _ in range(size)]
        expect(student.demo.double(numbers), [n + n for n in numbers])
'''

MISTAKES = {
    "same": "return numbers",
    "square": "return [n * n + 1 for n in numbers]",
    "first_only": "return [2 * numbers[0]]",
    "plus_two": "return [n + 2 for n in numbers]",
    "as_text": "return [str(2 * n) for n in numbers]",
    "reversed_order": "return [2 * n for n in numbers[::-1]]",
}


@pytest.fixture
def course(tmp_path, write):
    """A tiny course in which everything is right, to be spoilt in one place."""
    write("solutions/langmodels/__init__.py", '"""Demo."""\n')
    write("solutions/langmodels/demo.py", REFERENCE)
    write("exercises/01-demo/exercises.toml", CATALOG)
    write("exercises/01-demo/test_demo.py", TESTS)
    write("autograder/hidden/01-demo/test_demo.py", TESTS)
    for name, body in MISTAKES.items():
        text = f'"""It gives {name}."""\n\n\ndef double(numbers):\n    {body}\n'
        write(f"autograder/mistakes/demo/double/{name}.py", text)
    write(
        "autograder/alternatives/demo/double/loop.py",
        '"""A loop."""\n\n\ndef double(numbers):\n    return list(map(lambda n: n + n, numbers))\n',
    )
    sync(tmp_path)
    return write


def proof(tmp_path, **options):
    project = Project(tmp_path)
    chosen = project.catalog.select(["demo.double"])
    (only,) = verify(project, chosen, jobs=1, **{"seeds": 1} | options)
    return only


def test_a_sound_exercise_has_no_problem(course, tmp_path):
    found = proof(tmp_path)
    assert found.problems == []
    assert str(found.mistakes) == "6/6"
    assert found.nulls.good == found.nulls.all > 5
    assert (found.visible_tests, found.hidden_tests) == (1, 1)


def test_the_right_suite_is_run_where_both_have_the_same_file_name(course, tmp_path):
    course("exercises/01-demo/test_demo.py", TESTS + TESTS.replace("test_doubles", "test_again"))
    found = proof(tmp_path)
    assert (found.visible_tests, found.hidden_tests) == (2, 1)


SPOILT = {
    "a test that any list passes": (
        "autograder/hidden/01-demo/test_demo.py",
        TESTS.replace(
            "expect(student.demo.double(numbers), [n + n for n in numbers])",
            "assert student.demo.double(numbers) is not None",
        ),
        "mistake same passes every hidden test",
    ),
    "a test that is wrong": (
        "autograder/hidden/01-demo/test_demo.py",
        TESTS.replace("n + n", "n + n + 1"),
        "the reference fails test_doubles",
    ),
    "a test that is too narrow": (
        "autograder/alternatives/demo/double/floats.py",
        '"""Floats."""\n\n\ndef double(numbers):\n    return [2.0 * n for n in numbers]\n',
        "alternative floats fails test_doubles",
    ),
    "a test that fails itself": (
        "autograder/hidden/01-demo/test_demo.py",
        TESTS.replace("for size in (1, 3)", "for size in nowhere"),
        "fails itself",
    ),
    "no test": (
        "autograder/hidden/01-demo/test_demo.py",
        TESTS.replace('"demo.double"', '"demo.other"'),
        "there is no hidden test",
    ),
    "a stub that is solved": (
        "src/langmodels/demo.py",
        REFERENCE,
        "the stub ends test_doubles with passed",
    ),
}


@pytest.mark.parametrize("path, text, problem", SPOILT.values(), ids=SPOILT)
def test_each_gap_is_found_and_named(course, tmp_path, path, text, problem):
    course(path, text)
    assert any(problem in found for found in proof(tmp_path).problems)


def test_too_few_mistakes_are_a_problem(course, tmp_path):
    (tmp_path / "autograder/mistakes/demo/double/same.py").unlink()
    assert "5 mistakes in the library, 6 are due" in proof(tmp_path).problems


# --- Figures ------------------------------------------------------------------------------------


def test_what_students_would_be_told_is_counted_for_each_mistake(course, tmp_path):
    found = proof(tmp_path, seeds=2)
    assert found.problems == []
    assert 3 < found.feedback.named.good <= found.feedback.named.all == 6
    lengths = found.feedback.lengths
    assert len(lengths) == 6
    assert 20 < lengths[0] <= found.feedback.median <= found.feedback.longest == lengths[-1]


def test_more_words_to_students_are_counted(course, tmp_path):
    before = proof(tmp_path, seeds=2).feedback
    sentence = "Seven words more, without any sign"
    text = TESTS.replace("Each number is doubled.", f"{sentence}. Each number is doubled.")
    course("autograder/hidden/01-demo/test_demo.py", text)
    after = proof(tmp_path, seeds=2).feedback
    assert [n - 8 for n in after.lengths] == before.lengths  # six words, a comma and a full stop


def test_of_two_mistakes_that_answer_alike_none_is_named_and_that_is_no_problem(course, tmp_path):
    twin = '"""It adds two."""\n\n\ndef double(numbers):\n    return [2 + n for n in numbers]\n'
    course("autograder/mistakes/demo/double/twin.py", twin)
    found = proof(tmp_path, seeds=2)
    assert found.problems == []
    assert {"plus_two", "twin"} <= set(found.feedback.named.rest)
    assert found.feedback.named.good > 2


def test_a_mistake_that_feedback_calls_another_is_a_problem(course, tmp_path):
    path = "autograder/mistakes/demo/double/plus_two.py"
    text = (tmp_path / path).read_text("utf-8")
    course(path, text.replace("plus_two.", "plus_two.\n\nOr else: It gives square.\n"))
    assert proof(tmp_path, seeds=2).problems == ["mistake plus_two is called square"]


def test_a_flake_is_counted_and_named(course, tmp_path):
    def drawn(seed):
        rng = random.Random(f"{seed}:test_doubles")
        return {rng.randrange(2, 90) for _ in range(4)}

    number = min(drawn(DEFAULT_SEED + 1) - drawn(DEFAULT_SEED))
    body = f"return [2 * n + (n == {number}) for n in numbers]"
    course(
        "autograder/alternatives/demo/double/flaky.py",
        f'"""A flake."""\n\n\ndef double(numbers):\n    {body}\n',
    )
    found = proof(tmp_path, seeds=2)
    name = f"alternative flaky with seed {DEFAULT_SEED + 1}"
    assert str(found.alternatives) == "2/2"
    assert found.repeats == proofs.Share(0, 1, [name])  # its turn comes after the reference
    (problem,) = found.problems
    assert problem.startswith(f"{name} fails test_doubles (wrong)")


def test_totals_add_up_and_the_median_is_of_all_lengths():
    share = proofs.Share(1, 2, ["x"])
    one = proofs.Proof("a", 1, 2, share, share, share, share, 1.5, ["p"])
    one.feedback = proofs.Feedback(share, [9, 1, 5])
    other = msgspec.structs.replace(one, id="b", mutants=proofs.Mutants(3, 4, ["m"], equivalent=2))
    other.feedback = proofs.Feedback(share, [100, 200])
    both = proofs.total([one, other], "both")
    assert (both.id, both.visible_tests, both.hidden_tests, both.seconds) == ("both", 2, 4, 3.0)
    assert str(both.mistakes) == str(both.nulls) == str(both.repeats) == "2/4"
    assert (str(both.mutants), both.mutants.equivalent) == ("3/4", 2)
    assert (both.feedback.median, both.feedback.longest) == (9, 200)
    assert str(both.feedback.named) == "2/4"
    assert proofs.total([one]).mutants is None


def test_the_published_schema_of_proofs_is_the_one_in_use(project):
    schema = json_schema(proofs.Proofs)
    published = project.root / "docs" / "proofs.schema.json"
    assert json.loads(published.read_text("utf-8")) == schema
    rows = proofs.read_record(project.root).exercises
    jsonschema.validate(msgspec.to_builtins(proofs.Proofs(rows)), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"schema": 1, "exercises": [{"id": "demo.double"}]}, schema)


# --- What is kept -------------------------------------------------------------------------------

SECOND = (
    CATALOG.replace("number = 1", "number = 2").replace("demo", "other").replace("Demo", "Other")
)


BASE = """
[[exercise]]
id = "demo.base"
title = "Base"
points = 2
minutes = 1
difficulty = 1
hints = ["?"]

[[exercise]]
"""


@pytest.fixture
def two_chapters(course, tmp_path):
    """The tiny course with a need, modules, and a second chapter that is none of its business."""
    entries = CATALOG.replace("[[exercise]]\n", BASE.lstrip()) + 'needs = ["demo.base"]\n'
    course("exercises/01-demo/exercises.toml", entries)
    course("exercises/02-other/exercises.toml", SECOND)
    course("solutions/langmodels/parts.py", "UNIT = 1\n")
    course("solutions/langmodels/apart.py", "UNIT = 1\n")
    course("solutions/langmodels/demo.py", "from langmodels import parts\n" + REFERENCE)
    course("solutions/langmodels/other.py", REFERENCE)
    course("autograder/hidden/01-demo/support.py", "SIZE = 3\n")
    course("autograder/hidden/02-other/test_other.py", TESTS.replace("demo", "other"))
    course("autograder/mistakes/demo/base/zero.py", '"""Zero."""\n')
    course("autograder/mistakes/demo/equivalents.toml", "equivalent = []\n")
    course("requirements.lock", "torch==2\n")
    sync(tmp_path)
    return course


def place(tmp_path, id="demo.double", command="course verify"):
    load_catalog.cache_clear()
    catalog = Project(tmp_path).catalog
    return proofs.place(tmp_path, catalog, catalog.exercises[id], command)


def digest(tmp_path, id="demo.double"):
    load_catalog.cache_clear()
    catalog = Project(tmp_path).catalog
    return proofs.digest(tmp_path, catalog, catalog.exercises[id])


NAMES = pytest.mark.parametrize("name", [place, digest], ids=["kept", "recorded"])


TAKES_PART = {
    "a hidden test": "autograder/hidden/01-demo/test_demo.py",
    "support of hidden tests": "autograder/hidden/01-demo/support.py",
    "a visible test": "exercises/01-demo/test_demo.py",
    "the reference": "solutions/langmodels/demo.py",
    "a module that the reference uses": "solutions/langmodels/parts.py",
    "the stub": "src/langmodels/demo.py",
    "a mistake": "autograder/mistakes/demo/double/same.py",
    "a new mistake": "autograder/mistakes/demo/double/another.py",
    "marked mutants": "autograder/mistakes/demo/equivalents.toml",
    "an alternative": "autograder/alternatives/demo/double/loop.py",
}
TAKES_NO_PART = {
    "a hidden test of other exercises": "autograder/hidden/01-demo/test_more.py",
    "another chapter's hidden test": "autograder/hidden/02-other/test_other.py",
    "another chapter's entry": "exercises/02-other/exercises.toml",
    "another exercise's mistake": "autograder/mistakes/demo/base/zero.py",
    "another chapter's reference": "solutions/langmodels/other.py",
    "a module that nobody uses": "solutions/langmodels/apart.py",
    "a page of the book": "book/en/index.md",
}


@NAMES
@pytest.mark.parametrize("path", TAKES_PART.values(), ids=TAKES_PART)
def test_what_takes_part_in_a_proof_makes_it_due_again(two_chapters, tmp_path, path, name):
    before = name(tmp_path)
    text = (tmp_path / path).read_text("utf-8") if (tmp_path / path).exists() else ""
    two_chapters(path, text + "# changed\n")
    assert name(tmp_path) != before
    two_chapters(path, text)
    assert (name(tmp_path) == before) is bool(text)


@NAMES
@pytest.mark.parametrize("path", TAKES_NO_PART.values(), ids=TAKES_NO_PART)
def test_what_takes_no_part_in_a_proof_leaves_it_as_it_is(two_chapters, tmp_path, path, name):
    before = name(tmp_path)
    text = (tmp_path / path).read_text("utf-8") if (tmp_path / path).exists() else ""
    two_chapters(path, text + "# changed\n")
    assert name(tmp_path) == before


@NAMES
def test_a_new_file_with_a_test_of_the_exercise_takes_part(two_chapters, tmp_path, name):
    before = name(tmp_path)
    two_chapters("autograder/hidden/01-demo/test_more.py", TESTS)
    assert name(tmp_path) != before


ENTRY = "exercises/01-demo/exercises.toml"


@pytest.mark.parametrize("title", ["Double", "Base"], ids=["its entry", "that of a need"])
def test_words_of_the_catalog_take_part_in_what_is_kept_alone(two_chapters, tmp_path, title):
    before = place(tmp_path), digest(tmp_path)
    two_chapters(ENTRY, (tmp_path / ENTRY).read_text("utf-8").replace(title, f"{title}!"))
    assert [place(tmp_path) == before[0], digest(tmp_path) == before[1]] == [False, True]


@NAMES
def test_what_the_catalog_forbids_and_limits_takes_part(two_chapters, tmp_path, name):
    text = (tmp_path / ENTRY).read_text("utf-8")
    found = {name(tmp_path)}
    for change in ('forbids = ["sum"]\n', "limits = {cpu_s = 3.0}\n", 'forbids = ["max"]\n'):
        two_chapters(ENTRY, text + change)
        found.add(name(tmp_path))
    assert len(found) == 4


@NAMES
def test_a_module_that_a_hidden_test_asks_for_takes_part(two_chapters, tmp_path, name):
    two_chapters("autograder/hidden/01-demo/test_demo.py", TESTS + "\n    student.apart.UNIT\n")
    before = name(tmp_path)
    two_chapters("solutions/langmodels/apart.py", "UNIT = 2\n")
    assert name(tmp_path) != before


def test_of_the_lock_file_the_record_wants_what_the_exercise_names(two_chapters, tmp_path):
    lock = "numpy==2.4 \\\n    --hash=sha256:00\ntyper==1.0 \\\n    --hash=sha256:00\n"
    two_chapters("autograder/hidden/01-demo/test_demo.py", "import numpy as np\n" + TESTS)
    two_chapters("requirements.lock", lock)
    before = place(tmp_path), digest(tmp_path)
    two_chapters("requirements.lock", lock.replace("1.0", "1.1"))
    assert [place(tmp_path) == before[0], digest(tmp_path) == before[1]] == [False, True]
    two_chapters("requirements.lock", lock.replace("2.4", "2.5"))
    assert digest(tmp_path) != before[1]


@pytest.fixture
def grader(tmp_path, monkeypatch):
    """A copy of the grader's own code, to be changed."""
    folder = tmp_path / "grader"
    shutil.copytree(GRADER, folder, ignore=shutil.ignore_patterns(*LIBRARY))
    monkeypatch.setattr("autograder.project.GRADER", folder)
    monkeypatch.setattr("autograder.proofs.GRADER", folder)
    return folder


def test_of_the_graders_code_the_record_wants_what_judges(two_chapters, tmp_path, grader):
    found = {"now": digest(tmp_path)}
    for path in proofs.JUDGES:
        (grader / path).write_text((grader / path).read_text("utf-8") + "\n", "utf-8")
        found[path] = digest(tmp_path)
    assert len(set(found.values())) == 1 + len(proofs.JUDGES) > 3
    others = "grade.py", "box.py", "reports/words.py"
    for path in (*others, *proofs.JUDGES_OF_COSTS, *proofs.JUDGES_OF_TESTS, *proofs.NAMERS):
        (grader / path).write_text((grader / path).read_text("utf-8") + "\n", "utf-8")
    assert digest(tmp_path) == found[proofs.JUDGES[-1]]


def test_what_counts_costs_judges_where_a_test_counts_them(two_chapters, tmp_path, grader):
    tests = tmp_path / "autograder/hidden/01-demo/test_demo.py"
    tests.write_text(
        "from autograder.measure import measured\n" + tests.read_text("utf-8"), "utf-8"
    )
    found = {digest(tmp_path)}
    for path in proofs.JUDGES_OF_COSTS:
        (grader / path).write_text((grader / path).read_text("utf-8") + "\n", "utf-8")
        found.add(digest(tmp_path))
    assert len(found) == 1 + len(proofs.JUDGES_OF_COSTS) > 2


def test_what_runs_students_tests_judges_where_they_are_asked_for(two_chapters, tmp_path, grader):
    entry = BASE.replace("demo.base", "demo.test_double").rpartition("[[exercise]]")[0]
    text = (tmp_path / ENTRY).read_text("utf-8")
    two_chapters(ENTRY, f'{text}{entry}tests_for = "demo.double"\n')
    found = {digest(tmp_path, "demo.test_double")}
    for path in proofs.JUDGES_OF_TESTS:
        (grader / path).write_text((grader / path).read_text("utf-8") + "\n", "utf-8")
        found.add(digest(tmp_path, "demo.test_double"))
    assert len(found) == 1 + len(proofs.JUDGES_OF_TESTS) > 2


def test_the_record_is_the_same_on_every_machine(two_chapters, tmp_path, monkeypatch):
    before = digest(tmp_path)
    elsewhere = tmp_path.with_name(f"{tmp_path.name}-elsewhere")
    shutil.copytree(tmp_path, elsewhere)
    monkeypatch.setattr(proofs, "version", lambda name: "another torch")
    monkeypatch.setattr("sys.version", "another Python")
    assert digest(elsewhere) == before


def test_command_python_torch_and_the_graders_code_take_part(
    two_chapters, tmp_path, monkeypatch, grader
):
    found = {"now": place(tmp_path), "command": place(tmp_path, command="course verify --quick")}
    for path in ("grade.py", "reports/words.py", "templates/feedback.html.j2", "examiner.ini"):
        (grader / path).write_text((grader / path).read_text("utf-8") + "\n", "utf-8")
        found[path] = place(tmp_path)
    monkeypatch.setattr(proofs, "version", lambda name: "another torch")
    found["torch"] = place(tmp_path)
    monkeypatch.setattr("sys.version", "another Python")
    found["python"] = place(tmp_path)
    assert len(set(found.values())) == len(found)


@pytest.fixture
def runs(course, tmp_path):
    """How often the visible tests were loaded: every proof does it, and nothing else."""
    course(
        "exercises/01-demo/conftest.py",
        """
        from pathlib import Path

        def pytest_sessionstart():
            with (Path(__file__).parents[2] / "runs").open("a") as runs:
                runs.write("x")
    """,
    )
    return lambda: len((tmp_path / "runs").read_text()) if (tmp_path / "runs").exists() else 0


def kept_file(tmp_path) -> Path:
    (only,) = (tmp_path / "build/proofs").iterdir()
    return only


def test_nothing_runs_again_where_nothing_has_changed(course, tmp_path, runs):
    first = proof(tmp_path)
    assert runs() == 1
    again = proof(tmp_path)
    assert runs() == 1
    assert (first.kept, again.kept) == (False, True)
    assert msgspec.structs.replace(again, kept=False) == first


def test_what_has_changed_is_proven_anew(course, tmp_path, runs):
    proof(tmp_path)
    course("autograder/hidden/01-demo/test_demo.py", SPOILT["a test that any list passes"][1])
    assert proof(tmp_path).problems
    assert runs() == 2


def test_a_proof_with_problems_is_not_kept(course, tmp_path, runs):
    course("autograder/hidden/01-demo/test_demo.py", SPOILT["a test that any list passes"][1])
    assert proof(tmp_path).problems == proof(tmp_path).problems != []
    assert runs() == 2


def test_fresh_proves_again(course, tmp_path, runs):
    proof(tmp_path)
    assert not proof(tmp_path, fresh=True).kept
    assert runs() == 2


def test_a_quick_proof_needs_no_box_and_a_whole_one_has_all_but_repetitions_in_boxes(
    course, tmp_path, monkeypatch
):
    boxed: dict[int, set[str]] = {}

    def watched(targets, exercises, suite, *others, near=False, **options):
        names = set() if near else {target.name for target in targets}
        boxed.setdefault(seeds, set()).update(names)
        return examine(targets, exercises, suite, *others, near=near, **options)

    monkeypatch.setattr("autograder.verify.examine", watched)
    project = Project(tmp_path)
    (exercise,) = project.catalog.select(["demo.double"])
    for seeds in (1, 2):
        assert _prove(project, exercise, seeds, None).problems == []
    assert boxed[1] == set()
    whole = {name.partition(" ")[0] for name in boxed[2]}
    assert whole == {"stub", "reference", "alternative", "null", "mistake"}
    assert not any("with seed" in name for name in boxed[2])


def test_what_must_fail_is_tried_first_where_a_test_costs_least(course, tmp_path):
    work = "student, rng):\n    sum(range(3_000_000))"
    long = TESTS.replace("doubles", "long").replace("student, rng):", work)
    course("autograder/hidden/01-demo/test_demo.py", long + TESTS[TESTS.index("@exercise") :])
    project = Project(tmp_path)
    (exercise,) = project.catalog.select(["demo.double"])
    reference = read_package(tmp_path / "solutions" / "langmodels")
    wrong = tmp_path / "autograder/mistakes/demo/double/same.py"
    targets = [Target("right", reference), Target("wrong", reference, override=wrong, stop=True)]
    tried = {}
    for near in (True, False):
        rest = project.hidden, project.catalog, tmp_path
        results = examine(targets, [exercise], *rest, near=near).results
        assert [test.name for test in results["right"]["demo.double"]] == [
            "test_long",
            "test_doubles",
        ]
        tried[near] = [test.name for test in results["wrong"]["demo.double"]]
    assert tried == {True: ["test_doubles"], False: ["test_long"]}


def test_what_is_said_in_a_box_and_without_one_is_compared_word_for_word(course, tmp_path):
    body = "return [len(numbers) + ('pytest' in sys.modules)]"  # wrong here and there
    text = f'"""It looks around."""\n\nimport sys\n\n\ndef double(numbers):\n    {body}\n'
    course("autograder/mistakes/demo/double/looks_around.py", text)
    assert proof(tmp_path).problems == []
    (problem,) = proof(tmp_path, seeds=2).problems
    assert problem.startswith("mistake looks_around: test_doubles says")
    assert "[1]" in problem and "[2]" in problem


def test_what_says_another_thing_in_every_process_is_no_fault_of_the_box(course, tmp_path):
    text = '"""It adds salt."""\n\n\ndef double(numbers):\n    return [hash("salt")]\n'
    course("autograder/mistakes/demo/double/salted.py", text)
    found = proof(tmp_path, seeds=2)
    assert found.problems == []
    assert "salted" in found.feedback.named.rest  # a submission's hash is not ours


def test_other_arguments_are_another_proof(course, tmp_path):
    options = {}, {"seeds": 2}, {"sample": Sample(1, 1)}, {"sample": Sample(1, 2)}
    proofs = [proof(tmp_path, **o) for o in options]
    assert not any(p.kept for p in proofs)
    assert [p.command for p in proofs] == [
        "course verify --quick",
        "course verify --seeds 2",
        "course verify --quick --sample 1 --sample-seed 1",
        "course verify --quick --sample 1 --sample-seed 2",
    ]


def test_a_damaged_file_is_proven_anew_and_mended(course, tmp_path, runs):
    proof(tmp_path)
    whole = kept_file(tmp_path).read_bytes()
    for damage in (b"", whole[:-9], b"\xff\x00", b"[]", b'{"id": "demo.double"}'):
        kept_file(tmp_path).write_bytes(damage)
        assert proofs.recall(kept_file(tmp_path)) is None
    assert not proof(tmp_path).kept
    assert runs() == 2
    assert proof(tmp_path).kept


# --- What is recorded ---------------------------------------------------------------------------


@pytest.fixture
def recorded(two_chapters, tmp_path):
    """Record proofs with names in them; what the record then holds, and its text."""
    two_chapters("book/grader.json", (Path(__file__).parents[1] / proofs.RECORD).read_text("utf-8"))

    def run(*ids, hidden_tests=1):
        share = proofs.Share(1, 2, ["secret_name"])
        mutants = proofs.Mutants(1, 2, ["secret_name"], equivalent=3)
        feedback = proofs.Feedback(share, [3])
        rows = [
            proofs.Proof(id, 1, hidden_tests, *[share] * 4, 1.0, [], kept=True, mutants=mutants)
            for id in ids
        ]
        for row in rows:
            row.feedback = feedback
        load_catalog.cache_clear()
        proofs.record(tmp_path, Project(tmp_path).catalog, rows)
        return proofs.read_record(tmp_path), (tmp_path / proofs.RECORD).read_text("utf-8")

    return run


def test_the_record_holds_counts_and_no_names(recorded):
    found, text = recorded("demo.double")
    (row,) = found.exercises
    assert "secret_name" not in text
    assert (str(row.mutants), row.mutants.equivalent, row.feedback.lengths) == ("1/2", 3, [3])
    assert not row.kept


def test_only_the_recorded_exercises_change_and_what_is_gone_goes(recorded, two_chapters):
    recorded("other.double", "demo.base", hidden_tests=5)
    found, _ = recorded("demo.double", "demo.base", hidden_tests=7)
    rows = {row.id: row.hidden_tests for row in found.exercises}
    assert list(rows.items()) == [("demo.base", 7), ("demo.double", 7), ("other.double", 5)]
    two_chapters("exercises/01-demo/exercises.toml", CATALOG)
    found, _ = recorded("demo.double")
    assert [row.id for row in found.exercises] == ["demo.double", "other.double"]
    assert found.published


def test_stale_is_what_the_record_does_not_hold_as_it_is(course, tmp_path):
    course("book/grader.json", (Path(__file__).parents[1] / proofs.RECORD).read_text("utf-8"))
    project = Project(tmp_path)

    def stale():
        chosen = project.catalog.exercises.values()
        return [e.id for e in proofs.stale(tmp_path, project.catalog, chosen)]

    assert stale() == ["demo.double"]
    proofs.record(tmp_path, project.catalog, [proof(tmp_path)])
    assert stale() == []
    course("autograder/mistakes/demo/double/another.py", '"""Another."""\n')
    assert stale() == ["demo.double"]


def test_one_recorded_exercise_of_each_chapter_is_drawn_and_each_in_its_turn(project):
    exercises = list(project.catalog.exercises.values())
    due = list(project.catalog.chapters[0].exercises)
    turns = [proofs.drawn(project.catalog, exercises, due, seed) for seed in range(60)]
    assert turns[:5] == [proofs.drawn(project.catalog, exercises, due, s) for s in range(5)]
    for turn in turns:
        chapters = [project.catalog.chapter_of(exercise).number for exercise in turn]
        assert chapters == [chapter.number for chapter in project.catalog.chapters[1:]]
    ever = {exercise.id for turn in turns for exercise in turn}
    assert len(ever) > 0.9 * (len(exercises) - len(due))
    assert proofs.drawn(project.catalog, due, due, 1) == []


def test_changed_proves_what_the_record_lacks_and_draws_from_the_rest(
    course, tmp_path, monkeypatch
):
    course("book/grader.json", '{"schema": 1, "published": [], "exercises": []}')
    monkeypatch.chdir(tmp_path)
    run = partial(CliRunner().invoke, app)
    first = run(["verify", "--changed", "--mutants", "--record", "--seeds", "2"])
    assert "not in the record as they are: 1; drawn beside them: 0" in first.output
    (row,) = proofs.read_record(tmp_path).exercises
    assert (row.id, row.mutants.good > 1, len(row.feedback.lengths)) == ("demo.double", True, 6)
    again = run(["verify", "--changed", "--quick", "--sample-seed", "3"])
    assert "not in the record as they are: 0; drawn beside them: 1" in again.output
    assert "--sample-seed 3" in again.output
    assert (first.exit_code, again.exit_code) == (0, 0)


def test_what_names_mistakes_makes_the_names_due_and_nothing_else(
    course, tmp_path, monkeypatch, grader
):
    course("book/grader.json", '{"schema": 1, "published": [], "exercises": []}')
    monkeypatch.chdir(tmp_path)
    run = partial(CliRunner().invoke, app)
    command = ["verify", "--changed", "--mutants", "--record", "--seeds", "2"]
    run(command)
    (before,) = proofs.read_record(tmp_path).exercises
    for path in proofs.NAMERS:
        (grader / path).write_text((grader / path).read_text("utf-8") + "\n", "utf-8")
    chosen = Project(tmp_path).catalog.select([])
    assert proofs.stale(tmp_path, Project(tmp_path).catalog, chosen) == []
    assert proofs.untold(tmp_path, Project(tmp_path).catalog, chosen) == chosen
    again = run(command)
    assert "in the record but for what names mistakes: 1" in again.output
    (after,) = proofs.read_record(tmp_path).exercises
    assert after.feedback.digest != before.feedback.digest
    after.feedback.digest = before.feedback.digest
    assert after == before
    assert proofs.untold(tmp_path, Project(tmp_path).catalog, chosen) == []


def test_the_record_is_of_the_course_as_it_is(project):
    chosen = project.catalog.exercises.values()
    due = proofs.stale(project.root, project.catalog, chosen)
    due += proofs.untold(project.root, project.catalog, chosen)
    advice = "run course verify --changed --mutants --record, and commit book/grader.json"
    assert not [exercise.id for exercise in due], advice


def test_what_is_recorded_is_above_every_bar(project):
    rows = proofs.read_record(project.root).exercises
    assert rows
    for row in rows:
        assert row.problems == [], row.id
        for share in (row.mistakes, row.nulls, row.alternatives, row.repeats):
            assert share.good == share.all > 0, row.id
        writes_tests = project.catalog.exercises[row.id].tests_for  # other tests may be as good
        assert bool(row.mutants) is not bool(writes_tests), row.id
    every = proofs.total(rows)
    assert every.mutants.good >= proofs.BAR * every.mutants.all > 0


# --- The samples --------------------------------------------------------------------------------


def test_the_samples_get_the_marks_that_they_are_made_for(project, tmp_path):
    from autograder.grade import grade_one

    write_samples(project.root, tmp_path)
    ids = ["ngrams.count_ngrams", "ngrams.sentence_logprob", "ngrams.AddK", "ngrams.kneser_ney"]
    outcomes = {
        folder.name: [e.outcome for e in grade_one(project.root, folder, ids, seed=3).exercises]
        for folder in sorted(tmp_path.iterdir())
    }
    assert outcomes["complete"] == ["passed"] * 4
    assert outcomes["half-done"] == ["wrong", "wrong", "passed", "not_started"]
    assert outcomes["syntax-error"] == ["error_in_your_code"] * 4
