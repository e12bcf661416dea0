"""A package put together in this process leaves nothing of itself behind."""

import importlib
import random
import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
import torch
from torch.nn.functional import scaled_dot_product_attention

from autograder.box import Box, StudentFaultError
from autograder.catalog import Limits
from autograder.farside import Load, ReadyMadeError
from autograder.near import NearBox
from autograder.results import Outcome
from autograder.student import RemotePackage, Student

LIMITS = Limits(cpu_s=5)
SOURCE = b"""
import random
import numpy as np
import torch

def draw():
    torch.manual_seed(3)
    np.random.seed(3)
    random.seed(3)

def fate():
    return [random.random(), np.random.rand(), torch.rand(1).item()]

def plan():
    return "the student's"

def follow():
    return plan()

def stream():
    return (random.random() for _ in range(3))

def stop():
    raise KeyboardInterrupt

def loop():
    while True:
        pass
"""


def load(**rest) -> Load:
    return Load({"nets.py": SOURCE}, module="nets", **rest)


@contextmanager
def near(**rest) -> Iterator[Student]:
    with NearBox(load(**rest), LIMITS) as box:
        box.ask("load")
        yield Student(RemotePackage(box))


def states() -> tuple:
    return random.random(), np.random.rand(), torch.rand(1).item()


def seed() -> None:
    random.seed(1)
    np.random.seed(1)
    torch.manual_seed(1)


def test_random_states_are_as_before():
    seed()
    expected = states()
    seed()
    with near() as student:
        student.nets.draw()
    assert states() == expected


def test_what_a_test_draws_changes_nothing_of_what_the_package_draws():
    def draw(steps: int) -> list:
        with near(seed=7) as student:
            drawn = []
            for _ in range(3):
                drawn.append(student.nets.fate())
                torch.rand(steps), random.random()
        return drawn

    assert draw(1) == draw(5)
    assert len({number for numbers in draw(1) for number in numbers}) == 9
    with Box(load(seed=7), LIMITS, ["torch"]) as box:
        box.ask("load")
        student = Student(RemotePackage(box))
        assert [student.nets.fate() for _ in range(3)] == draw(1)


def test_modules_and_finders_are_as_before(monkeypatch):
    other = types.ModuleType("langmodels")
    monkeypatch.setitem(sys.modules, "langmodels", other)
    finders = list(sys.meta_path)
    needs, reference = {"nets": ["plan"]}, {"nets": "def plan():\n    return 'ours'\n"}
    with near(support="x = 1", needs=needs, reference=reference) as student:
        assert student.nets.follow() == "ours"
        assert sys.modules["langmodels"] is not other
    assert sys.modules["langmodels"] is other
    assert sys.meta_path == finders
    left = {"langmodels.nets", "support", "reference_nets"} & sys.modules.keys()
    assert not left


def test_what_raises_while_it_is_imported_leaves_nothing_either():
    finders = list(sys.meta_path)
    with (
        NearBox(Load({"nets.py": b"1 / 0"}, module="nets"), LIMITS) as box,
        pytest.raises(
            StudentFaultError, match=r"raised ZeroDivisionError in nets\.py, line 1: 1 / 0"
        ),
    ):
        box.ask("load")
    assert sys.meta_path == finders
    assert "langmodels.nets" not in sys.modules


def test_an_endless_loop_ends():
    with NearBox(load(), Limits(cpu_s=0.2)) as box:
        box.ask("load")
        with pytest.raises(StudentFaultError, match=r"computed for more than 0\.2 s") as caught:
            Student(RemotePackage(box)).nets.loop()
    assert caught.value.outcome is Outcome.TIMEOUT


def test_a_library_is_imported_whole_however_long_it_takes(tmp_path, monkeypatch):
    """Half of one would stay for all that follow: torch imports more when it is first used."""
    slow = "import time\nend = time.process_time() + 0.5\nwhile time.process_time() < end: pass\n"
    (tmp_path / "slow_library.py").write_text(f"{slow}WHOLE = True\n", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    source = b"def f():\n    import slow_library\n    return slow_library.WHOLE\n\n"
    source += b"def g():\n    f()\n    while True:\n        pass\n"
    with NearBox(Load({"nets.py": source}, module="nets"), Limits(cpu_s=0.2)) as box:
        box.ask("load")
        student = Student(RemotePackage(box))
        assert student.nets.f() is True
        with pytest.raises(StudentFaultError, match="computed for more than"):
            student.nets.g()
    sys.modules.pop("slow_library")


def test_an_endless_loop_while_the_package_is_imported_ends():
    files = {"nets.py": b"while True:\n    pass\n"}
    with (
        NearBox(Load(files, module="nets"), Limits(cpu_s=0.2)) as box,
        pytest.raises(StudentFaultError, match="computed for more than"),
    ):
        box.ask("load")


def test_refused_operators_come_back():
    x = torch.ones(1, 2, 3)
    with (
        near(refused=["aten::scaled_dot_product_attention"]),
        pytest.raises(ReadyMadeError),
    ):
        scaled_dot_product_attention(x, x, x)
    scaled_dot_product_attention(x, x, x)


def test_a_stream_draws_from_the_package_s_states_too():
    def items(steps: int) -> list:
        with near(seed=7) as student:
            found = []
            for item in student.nets.stream.obj():
                found.append(item)
                random.seed(steps)
        return found

    assert items(1) == items(5)
    assert len(set(items(1))) == 3


PARTS = {
    "base.py": b"import random\nBORN = random.random()\nKEPT = [0]\n",
    "above.py": b"from langmodels import base\nfrom langmodels.nets import size\n",
    "nets.py": b"import langmodels.base as base\nSEEN = []\n\ndef size():\n    return base.BORN\n",
}


@contextmanager
def of_parts(files=PARTS, module="nets", **rest) -> Iterator[dict[str, types.ModuleType]]:
    """The modules of a package near by, by their names."""
    names = [name.removesuffix(".py") for name in PARTS]
    with NearBox(Load(files, module=module, **rest), LIMITS) as box:
        box.ask("load")
        yield {name: importlib.import_module(f"langmodels.{name}") for name in names}


def test_only_what_has_no_part_in_the_exercise_is_imported_once():
    with of_parts() as one:
        pass
    with of_parts() as other:
        same = {name for name in PARTS if one[name[:-3]] is other[name[:-3]]}
        assert same == {"base.py"}
        assert other["nets"].base is other["above"].base is other["base"]
    with of_parts(module="base") as apart:
        assert not {id(m) for m in apart.values()} & {id(m) for m in other.values()}


def test_another_text_or_another_s_parts_are_another_module():
    with of_parts() as one:
        pass
    with of_parts(PARTS | {"base.py": PARTS["base.py"] + b"\nMORE = 1\n"}) as other:
        assert other["base"] is not one["base"] and other["base"].MORE == 1
    reference = {"base": PARTS["base.py"].decode()}  # what it lacks comes from the student's own
    with of_parts(reference=reference) as other:
        assert other["base"] is not one["base"]


def test_what_was_put_into_a_shared_module_is_not_there_for_the_next():
    with of_parts() as one:
        one["base"].BORN = "changed"
    with of_parts() as other:
        assert other["base"].BORN != "changed"
        other["base"].MORE = 1
    with of_parts() as last:
        assert not hasattr(last["base"], "MORE")


def test_the_author_s_interrupt_is_the_author_s():
    with near() as student, pytest.raises(KeyboardInterrupt):
        student.nets.stop()
