"""The template chapter of the author's guide passes everything that CI asks of a chapter."""

import re
import shutil
from pathlib import Path

import pytest

from autograder import notebooks
from autograder.lint import lint
from autograder.project import Project
from autograder.sync import differences, sync
from autograder.verify import verify

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "docs" / "authors.md").read_text("utf-8")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A course of this one chapter, put together with the commands of the guide."""
    folder = tmp_path_factory.mktemp("course")
    shutil.copytree(ROOT / "docs" / "template", folder, dirs_exist_ok=True)
    (folder / "solutions/langmodels/__init__.py").write_text('"""The course\'s package."""\n')
    sync(folder)
    return Project(folder)


def test_stubs_are_written_from_its_reference(course):
    assert differences(course.root) == []
    stub = (course.package / "langmodels" / "moving.py").read_text("utf-8")
    assert 'raise NotImplementedError("moving.moving_average")' in stub
    assert "windows" not in stub


def test_its_suite_is_proven(course):
    (proof,) = verify(course, course.catalog.select([]), jobs=1, seeds=2)
    assert proof.problems == []
    assert (proof.visible_tests, proof.hidden_tests) == (2, 2)
    assert str(proof.mistakes) == "6/6"


def test_its_tests_are_sound(course):
    found = [
        finding for findings in lint(course, course.catalog.select([]), 1) for finding in findings
    ]
    assert [str(finding) for finding in found] == []


def test_its_page_is_stored_as_it_runs_and_has_the_card(course):
    (page,) = notebooks.find(course.root, [])
    assert notebooks.differences(page) == []
    assert notebooks.rerun(page, course.root) == []
    assert "{exercise-card} moving.moving_average" in page.read_text("utf-8")


def test_the_guide_names_every_file_of_the_template_and_only_files_that_are_there():
    template = ROOT / "docs" / "template"
    named = set(
        re.findall(r"`((?:solutions|exercises|autograder|book)/[\w./-]*moving[\w./-]*)`", GUIDE)
    )
    assert len(named) >= 7
    assert [name for name in named if not (template / name).exists()] == []
    files = [p.relative_to(template).as_posix() for p in template.rglob("*") if p.is_file()]
    kept = [f for f in files if "__" not in f]
    assert [
        f for f in kept if not any(f == n or f.startswith(f"{n.rstrip('/')}/") for n in named)
    ] == []


def test_every_command_of_the_guide_is_there():
    from typer.main import get_command

    from autograder.cli import app

    commands = set(re.findall(r"^ {4}course ([a-z-]+)", GUIDE, re.MULTILINE))
    assert len(commands) >= 6
    assert commands <= {*get_command(app).commands}
