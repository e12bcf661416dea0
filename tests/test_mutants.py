"""Mutants of the reference: what is changed, what they are called, who catches them."""

import msgspec
import pytest

from autograder.catalog import CatalogError
from autograder.mutants import Sample, mutants, prove_mutants
from autograder.project import Project
from autograder.sync import sync
from autograder.verify import verify

REFERENCE = '''
"""A module with two exercises."""

LIMIT = 7 + 1


def clamp(number: int, low: int = 0) -> int:
    """At least `low`."""
    if number > 1000 + 1:
        raise ValueError("too large" + "!")
    # BEGIN SOLUTION
    """No one reads this."""
    bound: dict[int, int] = {0: low + 1}
    if number < low:
        raise ValueError("below " + "it")
    return bound[0] - 1 if number < bound[0] else number
    # END SOLUTION


def last(numbers: list[int]) -> int:
    """The last number."""
    # BEGIN SOLUTION
    position = -1
    while position < -1:
        position += 1
    return numbers[position]
    # END SOLUTION
'''

CATALOG = """
[chapter]
number = 1
part = "I"
title = "Demo"
page = "demo"

[[exercise]]
id = "demo.last"
title = "Last"
points = 2
minutes = 1
difficulty = 1
hints = ["?"]
"""

TESTS = '''
from autograder.testing import exercise, expect


@exercise("demo.last")
def test_the_last(student):
    """It is the last."""
    expect(student.demo.last([3, 4, 5]), 5)
'''

LOOP = "demo.last | swap_op | while position < -1: → while position <= -1:"
STEP = "demo.last | augmented_assignment | position += 1 → position = 1"
BACK = "demo.last | swap_op | position += 1 → position -= 1"
FAR = "demo.last | number | while position < -1: → while position < -2:"


@pytest.fixture
def course(tmp_path, write):
    """A tiny course, and a way to write into it."""
    write("solutions/langmodels/__init__.py", '"""Demo."""\n')
    write("solutions/langmodels/demo.py", REFERENCE)
    write("exercises/01-demo/exercises.toml", CATALOG)
    write("autograder/hidden/01-demo/test_demo.py", TESTS)
    sync(tmp_path)
    return write


def prove(tmp_path, sample=Sample()):  # noqa: B008
    project = Project(tmp_path)
    return prove_mutants(project, project.catalog.exercises["demo.last"], sample)


def mark(course, *ids):
    listed = ", ".join(f"'''{id}'''" for id in ids)
    text = f"[[equivalent]]\nmutants = [{listed}]\nreason = 'the loop never runs'\n"
    course("autograder/mistakes/demo/equivalents.toml", text)


def test_only_the_solution_of_the_symbol_is_changed():
    lines = REFERENCE.splitlines()
    begin, end = lines.index("    # BEGIN SOLUTION") + 1, lines.index("    # END SOLUTION") + 1
    for mutant in mutants(REFERENCE, "demo", "clamp"):
        changed = mutant.source.splitlines()
        assert begin < mutant.line < end
        assert changed[:begin] == lines[:begin]
        assert changed[-(len(lines) - end) :] == lines[end:]


def test_messages_annotations_and_docstrings_stay_as_they_are():
    found = mutants(REFERENCE, "demo", "clamp")
    assert len(found) > 8
    for mutant in found:
        assert 'raise ValueError("below " + "it")' in mutant.source
        assert '"""No one reads this."""' in mutant.source
        assert "bound: dict[int, int] =" in mutant.source


def test_every_mutant_compiles_and_no_two_are_the_same():
    found = mutants(REFERENCE, "demo", "clamp") + mutants(REFERENCE, "demo", "last")
    for mutant in found:
        compile(mutant.source, "mutant", "exec")
    assert len({m.source for m in found}) == len({m.id for m in found}) == len(found)


def test_what_only_a_gpu_would_notice_is_left_out():
    body = "# BEGIN SOLUTION", "return ones(3, device=x.device)", "# END SOLUTION"
    source = "def f(x):\n" + "".join(f"    {line}\n" for line in body)
    made = [m.id.partition(" → ")[2] for m in mutants(source, "demo", "f")]
    assert "return ones(4, device=x.device)" in made
    assert all("device=x.device" in line for line in made)


def test_ids_do_not_change_with_the_rest_of_the_file():
    moved = REFERENCE.replace("LIMIT = 7 + 1", "LIMIT = 7\nOTHER = 9\n\n")
    ids = [m.id for m in mutants(REFERENCE, "demo", "last")]
    assert [m.id for m in mutants(moved, "demo", "last")] == ids
    assert LOOP in ids


def test_equal_changes_are_numbered():
    body = "# BEGIN SOLUTION", "x += 1", "x += 1", "return x", "# END SOLUTION"
    twice = "def f(x):\n" + "".join(f"    {line}\n" for line in body)
    ids = [m.id for m in mutants(twice, "demo", "f")]
    change = "demo.f | number | x += 1 → x += 2"
    assert change in ids
    assert f"{change} | 2" in ids


def test_what_no_test_notices_is_named(course, tmp_path):
    found = prove(tmp_path)
    passed = {id for id, caught in found.caught.items() if not caught}
    assert passed >= {STEP, BACK, FAR}
    assert not any("return" in id for id in passed)
    assert found.caught[LOOP]
    assert any("mutants pass, 98% must be caught" in problem for problem in found.problems)


def test_an_endless_loop_is_caught_long_before_the_limits_of_the_exercise(course, tmp_path):
    course("solutions/langmodels/demo.py", REFERENCE.replace("position += 1", "position -= 1"))
    course("exercises/01-demo/exercises.toml", CATALOG + "limits = { wall_s = 900, cpu_s = 900 }\n")
    assert prove(tmp_path).caught[LOOP]


def test_marked_mutants_do_not_count(course, tmp_path):
    passed = [id for id, caught in prove(tmp_path).caught.items() if not caught]
    mark(course, *passed)
    found = prove(tmp_path)
    assert found.problems == []
    assert found.caught
    assert all(found.caught.values())


def test_a_mark_must_have_its_mutant(course, tmp_path):
    mark(course, LOOP.replace("<=", ">="))
    assert any("no mutant: demo.last | swap_op" in p for p in prove(tmp_path).problems)


def test_a_mark_must_belong_to_an_exercise(course, tmp_path):
    mark(course, LOOP.replace("demo.last", "demo.lost"))
    assert any("no mutant: demo.lost" in p for p in prove(tmp_path).problems)


def test_a_marked_mutant_must_not_be_caught(course, tmp_path):
    mark(course, LOOP)
    assert f"marked equivalent, but caught: {LOOP}" in prove(tmp_path).problems


def test_a_file_of_marks_must_be_whole(course, tmp_path):
    course("autograder/mistakes/demo/equivalents.toml", "[[equivalent]]\nmutants = []\n")
    with pytest.raises(CatalogError, match=r"equivalents.toml: .*reason"):
        prove(tmp_path)


def test_a_sample_is_drawn_by_its_seed():
    every = mutants(REFERENCE, "demo", "clamp")
    drawn = Sample(4, seed=1).of(every, "demo.clamp")
    assert len(drawn) == 4
    assert drawn == Sample(4, seed=1).of(every, "demo.clamp")
    others = {tuple(m.id for m in Sample(4, seed).of(every, "demo.clamp")) for seed in range(9)}
    assert len(others) > 1
    assert Sample(0).of(every, "demo.clamp") == Sample(999).of(every, "demo.clamp") == every


def test_verify_runs_them_on_demand(course, tmp_path):
    project = Project(tmp_path)
    exercises = project.catalog.select([])
    (without,) = verify(project, exercises, jobs=1, seeds=1)
    assert b"mutants" not in msgspec.json.encode(without)
    (proof,) = verify(project, exercises, jobs=1, seeds=1, sample=Sample(5, seed=2))
    assert proof.mutants.all == 5
    assert all(id.startswith("demo.last | ") for id in proof.mutants.rest)
