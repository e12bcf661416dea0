import signal
import textwrap
from pathlib import Path
from typing import Any

import nbformat
import pytest
from assignments import ASSIGNMENTS, Assignment

from autograder.project import Project
from autograder.sync import render

ROOT = Path(__file__).parents[1]

# Started in the background by a script, the tests would pass on to what they start that Ctrl-C is
# to be ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def project() -> Project:
    return Project(ROOT)


@pytest.fixture(scope="session")
def complete(project) -> str:
    """The text of a ngrams.py in which everything is solved."""
    source = (ROOT / "solutions/langmodels/ngrams.py").read_text(encoding="utf-8")
    return render(source, "ngrams", keep=project.catalog.exercises)


@pytest.fixture
def write(tmp_path):
    """Write a file of a tiny course below tmp_path; the text may be indented."""

    def write(path: str, text: str) -> None:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(textwrap.dedent(text).lstrip(), "utf-8")

    return write


@pytest.fixture
def submit(tmp_path):
    """Make a submission folder from the content of its ngrams.py (text or bytes)."""

    def make(content: str | bytes, name: str = "submission") -> Path:
        path = tmp_path / name / "langmodels" / "ngrams.py"
        path.parent.mkdir(parents=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path.parents[1]

    return make


@pytest.fixture(scope="module", params=ASSIGNMENTS, ids=lambda assignment: assignment.name)
def assignment(request) -> Assignment:
    return request.param


@pytest.fixture(scope="module")
def source(assignment) -> Any:
    return nbformat.read(assignment.source, as_version=4)
