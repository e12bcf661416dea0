"""The pytest plugin: markers and fixtures, the same for authors, `course check` and grading.

Under plain pytest the `student` fixture is the package in this process. Where an `Examination`
(see examiner.py) runs the session, each test gets a box of its own.
"""

import importlib
import importlib.util
import os
import random
from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import cache, partial
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

import pytest

from autograder.catalog import Exercise, load_catalog
from autograder.farside import Load
from autograder.library import mistakes_in_answers
from autograder.results import WORDS, Outcome
from autograder.student import AsIfElsewhere, LocalPackage, Student
from autograder.submission import read_package
from autograder.trials import Trials, run_near, trials_of

DEFAULT_SEED = 20260101
NO_GPU = WORDS[Outcome.NO_GPU][1]

# Tests run side by side, one a core: torch's threads would only wait for each other. It reads this
# when it is imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")


class BoxSource(Protocol):
    """Gives each test the student's package in a box."""

    def open_box(  # noqa: D102
        self, item: pytest.Item, elsewhere: bool = False
    ) -> AbstractContextManager[Student]: ...

    def trials(self, item: pytest.Item) -> Trials: ...  # noqa: D102

    def seed(self, item: pytest.Item) -> int: ...  # noqa: D102


BOXES = pytest.StashKey[BoxSource]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --seed, from which every test draws its inputs, --override and --gpu-device."""
    parser.addoption("--seed", type=int, default=DEFAULT_SEED, help="seed of the random inputs")
    parser.addoption(
        "--override",
        type=Path,
        metavar="FILE",
        help="run against the package with this mistake or alternative in it",
    )
    parser.addoption(
        "--gpu-device",
        default="",
        metavar="DEVICE",
        help="where tests marked gpu compute; cpu rehearses them at small size",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers: the exercise that a test belongs to, and whether it needs a GPU."""
    config.addinivalue_line(
        "markers", "exercise(id, weight=1): the test belongs to this exercise of the catalog"
    )
    config.addinivalue_line("markers", "gpu: the test needs an accelerator; see `device`")
    if path := config.getoption("--override"):
        override(path.resolve())


def override(path: Path) -> None:
    """Run a file of mistakes/MODULE/SYMBOL/ or alternatives/… as if it ended the module."""
    module = importlib.import_module(f"langmodels.{path.parts[-3]}")
    exec(compile(path.read_text(encoding="utf-8"), path, "exec"), vars(module))


def pytest_report_header(config: pytest.Config) -> str:
    """Print the seed, so that a failure can be replayed."""
    return f"seed: {config.getoption('--seed')}"


def needs_gpu(item: pytest.Item) -> bool:
    """Whether a test is marked gpu."""
    return item.get_closest_marker("gpu") is not None


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs a GPU where there is none."""
    if needs_gpu(item) and not _gpu_device(item.config):
        pytest.skip(NO_GPU)


def _gpu_device(config: pytest.Config) -> str:
    """The device for tests marked gpu, as torch calls it; empty where there is none."""
    return str(config.getoption("--gpu-device")) or _accelerator()


@cache
def _accelerator() -> str:
    import torch

    device = torch.accelerator.current_accelerator(check_available=True)
    return device.type if device else ""


@pytest.fixture
def device(request: pytest.FixtureRequest) -> str:
    """Where a test marked gpu has the student's code compute: "cuda", or what this machine has.

    "cpu" is a rehearsal, so that no line of the test is left untried: make everything small then,
    and ask for no speed. Tensors cross to the student's code on the CPU, so it is the test's
    `support.py`, beside that code, that moves them to the device.
    """
    if not needs_gpu(request.node):
        raise ValueError("a test that uses `device` has to be marked: @pytest.mark.gpu")
    return _gpu_device(request.config)


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> random.Random:
    """Random inputs for this test, from the run's seed and the test's name."""
    boxes: BoxSource | None = request.config.stash.get(BOXES, None)
    seed = boxes.seed(request.node) if boxes else request.config.getoption("--seed")
    return random.Random(f"{seed}:{request.node.originalname}")


@pytest.fixture
def student(request: pytest.FixtureRequest) -> Iterator[Student]:
    """The student's package: `student.MODULE.FUNCTION(…)`."""
    boxes: BoxSource | None = request.config.stash.get(BOXES, None)
    if boxes is None:
        yield Student(LocalPackage(_support(request.path)))
    else:
        with boxes.open_box(request.node) as remote:
            yield remote


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest) -> Iterator[Student]:
    """The same package in another process, where hash() of text has another salt."""
    boxes: BoxSource | None = request.config.stash.get(BOXES, None)
    if boxes is None:
        yield Student(AsIfElsewhere(_support(request.path)))
    else:
        with boxes.open_box(request.node, elsewhere=True) as remote:
            yield remote


@pytest.fixture
def trials(request: pytest.FixtureRequest, record_property: Any) -> Trials:
    """The tests that the exercise has a student write, to be run on versions of their function."""
    boxes: BoxSource | None = request.config.stash.get(BOXES, None)
    if boxes:
        found = boxes.trials(request.node)
    else:
        root, option = request.config.rootpath, request.config.getoption
        visible = request.path.is_relative_to(root / "exercises")
        id = _exercise(request.node).id
        found = _trials_here(root, id, option("--override"), visible, option("--seed"))
    found.record = record_property
    return found


@cache  # the tests of one file share what was found
def _trials_here(root: Path, id: str, override: Path | None, visible: bool, seed: int) -> Trials:
    """The package that this process would import, with tests and versions near."""
    exercise = load_catalog(root / "exercises").exercises[id]
    package: Any = importlib.util.find_spec("langmodels")
    tests = Load(
        files=read_package(Path(package.origin).parent),
        module=exercise.module,
        symbol=exercise.symbol,
        tests_for=exercise.tests_for,
        override=override.read_text(encoding="utf-8") if override else "",
        seed=seed,
    )
    return trials_of(tests, root, visible, partial(run_near, tests, exercise.limits))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test with an argument `mistake` once for each mistake in the library, by number."""
    if "mistake" in metafunc.fixturenames:
        root, exercise = metafunc.config.rootpath, _exercise(metafunc.definition)
        tested = load_catalog(root / "exercises").exercises[exercise.tests_for]
        metafunc.parametrize("mistake", range(len(mistakes_in_answers(root, tested))))


def _exercise(item: pytest.Item) -> Exercise:
    marker: Any = item.get_closest_marker("exercise")
    return load_catalog(item.config.rootpath / "exercises").exercises[marker.args[0]]


def support_path(test_file: Path) -> Path | None:
    """The `support.py` beside a test file, if there is one."""
    path = test_file.with_name("support.py")
    return path if path.exists() else None


def _support(test_file: Path) -> ModuleType | None:
    path = support_path(test_file)
    if path is None:
        return None
    spec: Any = importlib.util.spec_from_file_location("support", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
