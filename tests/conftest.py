import signal
from pathlib import Path

import pytest

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
def submit(tmp_path):
    """Make a submission folder from the content of its ngrams.py (text or bytes)."""

    def make(content: str | bytes, name: str = "submission") -> Path:
        path = tmp_path / name / "langmodels" / "ngrams.py"
        path.parent.mkdir(parents=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path.parents[1]

    return make
