"""The `student` fixture: calls in words, handles that have no say. Near here; far in test_box."""

import math
import operator
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from autograder.student import Handle, LocalPackage, Student


class Counter:
    """Counts; says yes to every comparison, as a cheat would."""

    def __init__(self, start: int = 0) -> None:
        self.count = start

    def add(self, number: int = 1) -> int:
        self.count += number
        return self.count

    def copy(self) -> "Counter":
        return Counter(self.count)

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


@pytest.fixture
def student(monkeypatch: pytest.MonkeyPatch) -> Student:
    module = ModuleType("langmodels.toy")
    vars(module).update(
        {
            "Counter": Counter,
            "double": lambda x: [*x, *x],
            "make": Counter,
            "total": lambda counter, times=1: counter.count * times,
            "forget": lambda x: x.clear(),
        }
    )
    monkeypatch.setitem(sys.modules, "langmodels.toy", module)
    support = ModuleType("support")
    vars(support)["Uniform"] = lambda size: Counter(size)
    return Student(LocalPackage(support))


def test_a_function_takes_and_returns_plain_data(student: Student) -> None:
    assert student.toy.double([1]) == [1, 1]


def test_the_last_call_is_kept_as_a_person_would_type_it(student: Student) -> None:
    student.toy.double(["a", 2])
    assert student.last_call == "double(['a', 2])"
    counter = student.toy.Counter(start=3)
    assert student.last_call == "Counter(start=3)"
    counter.add(4)
    assert student.last_call == "Counter(start=3).add(4)"
    student.toy.total(counter, times=2)
    assert student.last_call == "total(Counter(start=3), times=2)"


def test_the_last_call_shows_the_input_as_it_was(student: Student) -> None:
    tokens = ["a", "b"]
    student.toy.forget(tokens)
    assert tokens == ["a", "b"]  # as with a box, where a copy arrives
    assert student.last_call == "forget(['a', 'b'])"


def test_the_last_call_is_kept_when_it_fails(student: Student) -> None:
    with pytest.raises(TypeError):
        student.toy.double(1)
    assert student.last_call == "double(1)"


def test_a_long_input_is_cut(student: Student) -> None:
    student.toy.double(list(range(10**5)))
    assert len(student.last_call) < 450


def test_a_class_gives_a_handle_and_its_methods_plain_data(student: Student) -> None:
    counter = student.toy.Counter()
    assert isinstance(counter, Handle)
    assert (counter.add(), counter.add(2)) == (1, 3)


def test_obj_keeps_what_a_function_or_method_returns(student: Student) -> None:
    made = student.toy.make.obj(5)
    assert isinstance(made, Handle)
    copied = made.copy.obj()
    assert isinstance(copied, Handle)
    copied.add(1)
    assert (made.add(0), copied.add(0)) == (5, 6)


def test_a_handle_can_be_passed_back(student: Student) -> None:
    counter = student.toy.Counter(7)
    assert student.toy.total(counter, times=2) == 14


def test_support_is_reached_like_a_module(student: Student) -> None:
    model = student.support.Uniform(4)
    assert student.toy.total(model) == 4


VERDICTS: list[Callable[[Any], Any]] = [
    bool,
    len,
    iter,
    list,
    hash,
    float,
    int,
    sum,
    abs,
    lambda h: math.isclose(h, 1),
    lambda h: 1 in h,
    lambda h: h[0],
    lambda h: operator.eq([1], h),
    lambda h: 1.0 - h,
    lambda h: not h,
    *(
        lambda h, judge=judge: judge(h, 1)
        for judge in (
            *(operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge),
            *(operator.add, operator.sub, operator.mul, operator.truediv, operator.mod),
        )
    ),
]


@pytest.mark.parametrize("verdict", VERDICTS)
def test_a_handle_refuses_every_verdict(student: Student, verdict: Callable[[Any], Any]) -> None:
    handle = student.toy.Counter()
    with pytest.raises(TypeError):
        verdict(handle)


def test_a_handle_has_no_special_methods_of_the_students(student: Student) -> None:
    handle = student.toy.Counter()
    for name in ("__array__", "__float__", "__index__", "__enter__"):
        assert not hasattr(handle, name)
