"""A package put together in this process leaves nothing of itself behind."""

import random
import sys
import types

import numpy as np
import pytest
import torch
from torch.nn.functional import scaled_dot_product_attention

from autograder.box import Box
from autograder.catalog import Limits
from autograder.farside import Load, ReadyMadeError
from autograder.near import near_package
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

def loop():
    while True:
        pass
"""


def load(**rest) -> Load:
    return Load({"nets.py": SOURCE}, module="nets", **rest)


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
    with near_package(load(), LIMITS) as package:
        assert torch.initial_seed() != 1  # inside they are fresh, as in a box
        Student(package).nets.draw()
    assert states() == expected


def test_what_a_test_draws_changes_nothing_of_what_the_package_draws():
    def draw(steps: int) -> list:
        with near_package(load(seed=7), LIMITS) as package:
            drawn = []
            for _ in range(3):
                drawn.append(Student(package).nets.fate())
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
    with near_package(load(support="x = 1", needs=needs, reference=reference), LIMITS) as package:
        assert Student(package).nets.follow() == "ours"
        assert sys.modules["langmodels"] is not other
    assert sys.modules["langmodels"] is other
    assert sys.meta_path == finders
    left = {"langmodels.nets", "support", "reference_nets"} & sys.modules.keys()
    assert not left


def test_what_raises_while_it_is_imported_leaves_nothing_either():
    finders = list(sys.meta_path)
    with (
        pytest.raises(ZeroDivisionError),
        near_package(Load({"nets.py": b"1 / 0"}, module="nets"), LIMITS),
    ):
        pass
    assert sys.meta_path == finders
    assert "langmodels.nets" not in sys.modules


def test_an_endless_loop_ends():
    with near_package(load(), Limits(cpu_s=0.2)) as package, pytest.raises(TimeoutError):
        Student(package).nets.loop()


def test_refused_operators_come_back():
    x = torch.ones(1, 2, 3)
    with (
        near_package(load(refused=["aten::scaled_dot_product_attention"]), LIMITS),
        pytest.raises(ReadyMadeError),
    ):
        scaled_dot_product_attention(x, x, x)
    scaled_dot_product_attention(x, x, x)
