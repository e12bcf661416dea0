"""`course lint-tests` finds each fault that is planted here, and leaves alone what is like it."""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
import torch

from autograder.blindspots import Input, blind_spots, inputs_of
from autograder.lint import SuiteFile, leaves_open, lint, read
from autograder.project import Project
from autograder.sync import sync

HEAD = """
import random
import time
from time import perf_counter

import numpy as np
import pytest
import torch

from autograder.testing import complaint, exercise, expect, expect_that
"""

REFERENCE = '''
"""Two exercises."""

import torch


def scores(query: torch.Tensor, key: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Products of queries and keys; zero where the mask is false."""
    # BEGIN SOLUTION
    return query @ key.mT * mask
    # END SOLUTION


def total(numbers: list[float]) -> float:
    """The sum."""
    # BEGIN SOLUTION
    return sum(numbers, 0.0)
    # END SOLUTION


class Scores(torch.nn.Module):
    """Products of queries and of the keys that it holds."""

    def __init__(self, key: torch.Tensor) -> None:
        super().__init__()
        # BEGIN SOLUTION
        self.key = key
        # END SOLUTION

    def forward(self, query: torch.Tensor) -> torch.Tensor:
        """Products of the query and the keys."""
        # BEGIN SOLUTION
        return query @ self.key.mT
        # END SOLUTION
'''

CATALOG = """
[chapter]
number = {number}
part = "I"
title = "Demo"
page = "{page}"
"""

EXERCISE = """
[[exercise]]
id = "{id}"
title = "?"
points = 2
minutes = 1
difficulty = 1
hints = ["?"]
"""

SCORES = """
def check(student, rng, n_queries, n_keys, width, seen=0.5):
    generator = torch.Generator().manual_seed(rng.getrandbits(31))
    query, key = (torch.randn(2, n, width, generator=generator) for n in (n_queries, n_keys))
    mask = torch.rand(n_queries, n_keys, generator=generator) < seen
    expected = torch.einsum("bqk,bsk->bqs", query.double(), key.double()).float() * mask
    expect(student.demo.scores(query, key, mask), expected, tolerance=1e-5)


@exercise("demo.scores")
def test_scores(student, rng):
    check(student, rng, 3, 5, 4)
    check(student, rng, 4, 4, 4)
"""

TOTAL = """
@exercise("demo.total")
def test_total(student):
    expect(student.demo.total([1.0, 2.0, 4.0]), 7.0)
"""


@pytest.fixture
def course(tmp_path):
    """A tiny course in which everything is right; call it to write another file."""

    def write(path, *texts):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        text = "\n\n".join(textwrap.dedent(text).strip() for text in texts)
        (tmp_path / path).write_text(f"{text}\n", "utf-8")

    write("solutions/langmodels/__init__.py", '"""Demo."""')
    write("solutions/langmodels/demo.py", REFERENCE)
    write("solutions/langmodels/later.py", LATER)
    exercises = [EXERCISE.format(id=id) for id in ("demo.scores", "demo.total", "demo.Scores")]
    write("exercises/01-demo/exercises.toml", CATALOG.format(number=1, page="demo"), *exercises)
    later = CATALOG.format(number=2, page="later"), EXERCISE.format(id="later.double")
    write("exercises/02-later/exercises.toml", *later)
    write("autograder/hidden/01-demo/test_demo.py", HEAD, SCORES, TOTAL)
    sync(tmp_path)
    return write


LATER = '''
"""A module of a later chapter."""


def double(number: float) -> float:
    """Twice the number."""
    # BEGIN SOLUTION
    return 2 * number
    # END SOLUTION
'''


def findings(course, root: Path, *tests: str, ids=("1",)) -> list[tuple[str, str]]:
    """(rule, message) of what is found in a hidden suite of these tests."""
    course("autograder/hidden/01-demo/test_demo.py", HEAD, *tests)
    project = Project(root)
    found = [f for part in lint(project, project.catalog.select([*ids]), 1) for f in part]
    assert all(f.file == "autograder/hidden/01-demo/test_demo.py" for f in found)
    return [(finding.rule, finding.message) for finding in found]


def rules_broken(course, root: Path, *tests: str) -> list[str]:
    """The rules that the text of these tests breaks; nothing runs."""
    course("autograder/hidden/01-demo/test_demo.py", HEAD, *tests)
    file = SuiteFile(root / "autograder/hidden/01-demo/test_demo.py")
    return [rule for _, _, rule, _ in file.unexcused([*read(file, Project(root).catalog)])]


# --- What the text says -----------------------------------------------------------------------

TESTED = "x = student.demo.total([1.0])"
FAULTS = {
    "nothing required": ("no-assertion", TESTED),
    "a complaint that nobody looks at": ("no-assertion", "complaint(lambda: student.demo.total())"),
    "lines after the end": ("unreachable", f"{TESTED}\n    assert x\n    return\n    expect(x, 1)"),
    "required after the end": ("no-assertion", f"{TESTED}\n    return\n    x = 1\n    assert x"),
    "required where nobody comes": ("unreachable", "if False:\n        expect(1, 1)\n    assert 1"),
    "required in a function that is not called": (
        "no-assertion",
        f"{TESTED}\n    def check():\n        assert x == 1",
    ),
    "torch's own state": ("unseeded", "assert torch.randn(3).sum() < 9"),
    "a tensor filled with noise": ("unseeded", "assert torch.empty(3).normal_().sum() < 9"),
    "the module random": ("unseeded", "assert random.random() < 1"),
    "another seed each time": ("unseeded", "assert random.Random().random() < 1"),
    "numpy's own state": ("unseeded", "assert np.random.rand() < 1"),
    "another numpy seed each time": ("unseeded", "assert np.random.default_rng().random() < 1"),
    "the clock": ("clock", "start = time.time()\n    assert time.monotonic() - start < 1"),
    "the clock by name": ("clock", "start = perf_counter()\n    assert start > 0"),
}
SOUND = {
    "an assert": "assert student.demo.total([]) == 0",
    "an expectation in a helper": "check(student)",
    "a function within, which is called": "def demand():\n        assert 1\n    demand()",
    "an error that must come": "with pytest.raises(ValueError):\n        student.demo.total(3)",
    "a return where it depends": "if student is None:\n        return\n    assert student",
    "a generator": "g = torch.Generator()\n    assert torch.randn(3, generator=g).sum() < 9",
    "a seed for torch": "torch.manual_seed(0)\n    assert torch.randn(3).sum() < 9",
    "a seed": "assert random.Random(3).random() < 1",
    "a seed for numpy": "assert np.random.default_rng(3).random() < 1",
    "the fixture rng": "assert rng.random() < 1",
    "something else called time": "assert student.time.perf_counter() < 3",
}
HELPER = """
def check(student):
    expect(student.demo.total([2.0]), 2.0)
"""


def one_test(body: str, waiver: str = "") -> str:
    return f'@exercise("demo.total")\ndef test_total(student, rng):{waiver}\n    {body}'


@pytest.mark.parametrize("rule, body", FAULTS.values(), ids=FAULTS)
def test_a_fault_in_the_text_is_found(course, tmp_path, rule, body):
    assert rule in rules_broken(course, tmp_path, HELPER, one_test(body))


@pytest.mark.parametrize("body", SOUND.values(), ids=SOUND)
def test_what_is_like_a_fault_is_left_alone(course, tmp_path, body):
    assert rules_broken(course, tmp_path, HELPER, one_test(body)) == []


def test_a_loop_names_mistakes_where_parameters_would_not(course, tmp_path):
    mark = '@pytest.mark.parametrize("n", [1, 2])\n'
    test = mark + one_test("assert n").replace("rng", "n")
    assert rules_broken(course, tmp_path, test) == ["parameters"]
    assert rules_broken(course, tmp_path, test.replace("student", "trials")) == []


def test_a_module_of_a_later_chapter_is_not_imported(course, tmp_path):
    for line in ("from langmodels import later", "import langmodels.later"):
        assert rules_broken(course, tmp_path, line, TOTAL) == ["later"]
    assert rules_broken(course, tmp_path, "from langmodels import demo", TOTAL) == []


# --- Waivers ----------------------------------------------------------------------------------

DRAW = "assert torch.randn(3).sum() < 9"


def test_a_waiver_needs_a_reason_and_the_line_of_the_def(course, tmp_path):
    def rules(body: str, waiver: str) -> list[str]:
        return rules_broken(course, tmp_path, one_test(body, f"  # lint: {waiver}"))

    assert rules(DRAW, "ok (any numbers will do)") == []
    assert rules(DRAW, "ok unseeded (any numbers will do)") == []
    assert rules(DRAW, "ok clock, unseeded (any numbers will do)") == ["waiver"]
    assert rules(DRAW, "ok clock (any numbers will do)") == ["unseeded", "waiver"]
    assert rules(DRAW, "ok") == ["unseeded", "waiver"]
    assert rules(f"{DRAW}  # lint: ok (not here)", "ok (but here)") == ["waiver"]


def test_a_waiver_that_excuses_nothing_is_a_finding(course, tmp_path):
    waiver = "  # lint: ok (any numbers will do)"
    assert rules_broken(course, tmp_path, one_test("assert rng", waiver)) == ["waiver"]


def test_the_text_of_this_course_has_no_faults(project):
    """Its tests run with the whole lint, as a step of .ci/run."""
    for suite in (project.hidden, project.visible):
        for path in suite.files(project.catalog, project.catalog.select([])):
            file = SuiteFile(path)
            broken = file.unexcused([*read(file, project.catalog)])
            assert [spot for spot in broken if spot[2] != "waiver"] == []


# --- What running it says ---------------------------------------------------------------------


def test_a_sound_suite_has_no_findings(course, tmp_path):
    assert findings(course, tmp_path, SCORES, TOTAL) == []


BLIND = {
    "square": "check(student, rng, 4, 5, 5)\n    check(student, rng, 2, 3, 3)",
    "mask": "check(student, rng, 3, 5, 4, seen=2)",
    "fails": "check(student, rng, 3, 5, 4)\n    expect(1, 2)",
    "no-assertion": "for n in range(0):\n        check(student, rng, n, 5, 4)",
    "later": "check(student, rng, 3, 5, 4)\n    student.later.double(2.0)",
}


@pytest.mark.parametrize("rule", BLIND)
def test_what_running_a_suite_shows_is_found(course, tmp_path, rule):
    helper, _, _ = SCORES.partition("@exercise")
    test = f'@exercise("demo.scores")\ndef test_scores(student, rng):\n    {BLIND[rule]}'
    assert {found for found, _ in findings(course, tmp_path, helper, test, TOTAL)} == {rule}


OBJECT = """
@exercise("demo.Scores")
def test_object(student, rng):
    generator = torch.Generator().manual_seed(rng.getrandbits(31))
    key = torch.randn(2, 5, 4, generator=generator)
    query = torch.randn(2, {n_queries}, 4, generator=generator)
    scores = student.demo.Scores({key})
    expect(scores(query), query @ key.mT, tolerance=1e-5)
"""


def test_objects_are_looked_into(course, tmp_path):
    """What their methods are given has names only there, where the object is."""
    sound = OBJECT.format(n_queries=3, key="key")
    assert findings(course, tmp_path, sound, ids=["demo.Scores"]) == []
    square = OBJECT.format(n_queries=4, key="key[:, 1:]").replace("key.mT", "key[:, 1:].mT")
    found = findings(course, tmp_path, square, ids=["demo.Scores"])
    assert any(rule == "square" and "query of demo.Scores(…)" in said for rule, said in found)


def test_what_an_exercise_builds_on_has_tests_of_its_own(course, tmp_path):
    needs = EXERCISE.format(id="demo.total") + 'needs = ["demo.scores"]\n'
    chapter = CATALOG.format(number=1, page="demo"), EXERCISE.format(id="demo.scores"), needs
    course("exercises/01-demo/exercises.toml", *chapter)
    total = """
@exercise("demo.total")
def test_total(student):
    x = torch.tensor([1.0, 2.0, 4.0]).diag()
    expect(student.demo.total(student.demo.scores(x, x, x).diag().tolist()), 73.0)
"""
    assert findings(course, tmp_path, SCORES, total) == []


def test_one_test_that_does_better_is_enough(course, tmp_path):
    blind = f'@exercise("demo.scores")\ndef test_squares(student, rng):\n    {BLIND["square"]}'
    assert findings(course, tmp_path, SCORES, blind, TOTAL) == []
    blind = blind.replace(BLIND["square"], BLIND["mask"])
    assert findings(course, tmp_path, SCORES, blind, TOTAL) == []


WEAK = {
    "zero": ("null", "expect(student.demo.total([]), 0.0)"),
    "any sign": ("null", "expect_that(student.demo.total([2.0]) >= 0, expected='≥ 0', got='')"),
    "wide": ("tolerance", "expect(student.demo.total([2.0, 3.0]), 5.0, tolerance=0.2)"),
}


@pytest.mark.parametrize("rule, body", WEAK.values(), ids=WEAK)
def test_a_test_that_many_answers_pass_is_found(course, tmp_path, rule, body):
    assert rule in {found for found, _ in findings(course, tmp_path, SCORES, one_test(body))}


def test_a_visible_test_expects_more_than_zeros(course, tmp_path):
    """There no null answers are tried: a first example may be simple, but it says something."""
    course("exercises/01-demo/test_demo.py", HEAD, one_test(WEAK["zero"][1]))
    project = Project(tmp_path)
    ((finding,),) = lint(project, project.catalog.select(["1"]), 1)
    assert (finding.rule, finding.file) == ("zero", "exercises/01-demo/test_demo.py")


def test_a_finding_is_waived_where_the_test_begins(course, tmp_path):
    body = WEAK["zero"][1]
    waiver = "  # lint: ok null (the other tests ask for more)"
    assert findings(course, tmp_path, SCORES, one_test(body, waiver)) == []
    assert findings(course, tmp_path, SCORES, one_test(body, waiver), ids=["demo.scores"]) == []


# --- Inputs and expectations, one by one ------------------------------------------------------


def rules_of(parameter: str, *arguments) -> set[str]:
    inputs: list[Input] = [found for argument in arguments for found in inputs_of(argument)]
    return {rule for rule, _ in blind_spots(parameter, inputs)}


def test_inputs_that_hide_mistakes():
    normal = torch.randn(2, 3, 4, generator=torch.Generator().manual_seed(0))
    square = normal[0, :, :3]
    mask = normal > 0
    assert rules_of("x", normal) == set()
    assert rules_of("x", square) == {"square"}
    assert rules_of("x", square, normal) == set()
    assert rules_of("x", square + square.T) == {"square", "symmetric"}
    assert rules_of("x", square + square.T, square) == {"square"}
    assert rules_of("x", normal[:1]) == {"one"}
    assert rules_of("x", torch.ones(2, 3)) == {"constant"}
    assert rules_of("mask", mask) == rules_of("mask", mask, mask | True) == set()
    assert rules_of("mask", mask | True) == rules_of("mask", torch.zeros(2, 3)) == {"mask"}
    assert rules_of("positions", torch.arange(4)) == {"positions"}
    assert rules_of("positions", torch.arange(4), torch.tensor([2, 3])) == set()
    assert rules_of("positions", [0, 1, 2]) == {"positions"}
    assert rules_of("tokens", [[4, 5, 6]]) == rules_of("tokens", torch.tensor([[7, 5]])) == {"one"}
    assert rules_of("tokens", [[4, 5, 6], [7]]) == set()
    assert rules_of("n_heads", 1, 1) == {"one"}
    assert rules_of("n_heads", 1, 2) == rules_of("n_layers", 1) == set()
    assert rules_of("text", "a", ["a", "b"], None, {"a": 1}) == set()


def test_axes_far_apart_are_judged_by_several_calls():
    """A batch is as long as a head is wide now and then, by chance."""
    shapes = [(3, 2, 3), (4, 5, 4), (2, 4, 2)]
    inputs = [torch.rand(shape, generator=torch.Generator()) for shape in shapes]
    assert rules_of("x", *inputs) == {"square"}
    assert rules_of("x", *inputs[:2]) == set()


def test_what_an_expectation_leaves_open():
    x = torch.tensor([3.0, -4.0])
    assert leaves_open(x, 1e-6) == leaves_open([3.0, -4.0], 1e-6) == set()
    assert leaves_open(x, 0.1) == leaves_open({"a": x}, 0.2) == {"wide"}
    assert leaves_open([1e3, 1e-3, 1e-3, 1e-3], 0.06) == {"wide"}
    assert leaves_open(1e-12, 1e-9) == {"wide"}  # a difference of 1e-12 is always allowed
    assert leaves_open(torch.zeros(3), 1e-6) == leaves_open([0, 0], 0.0) == {"zero"}
    assert leaves_open([0, "a"], 0.0) == leaves_open(True, 0.5) == leaves_open([], 0.5) == set()


# --- The command ------------------------------------------------------------------------------


def test_the_command_says_what_to_do_and_where(course, tmp_path):
    course(
        "autograder/hidden/01-demo/test_demo.py",
        HEAD,
        SCORES,
        TOTAL.replace("(student):", f"(student):\n    {DRAW}"),
    )
    command = [str(Path(sys.executable).with_name("course")), "lint-tests", "demo.total"]

    def run(*options: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"NO_COLOR": "1", "COLUMNS": "200"}
        return subprocess.run(
            [*command, *options], cwd=tmp_path, env=environment, capture_output=True, text=True
        )

    found = run()
    assert found.returncode == 1
    assert "autograder/hidden/01-demo/test_demo.py:" in found.stdout
    assert "draw from the rng fixture" in found.stdout
    assert "# lint: ok RULE" in found.stdout
    (finding,) = json.loads(run("--json").stdout)["findings"]
    assert finding["rule"] == "unseeded"
    course("autograder/hidden/01-demo/test_demo.py", HEAD, SCORES, TOTAL)
    found = run()
    assert (found.returncode, found.stdout) == (0, "✓ nothing found\n")
