"""Tests that students write count for what they notice, and see of a version what it does only."""

import itertools
import sys
from functools import partial
from pathlib import Path
from textwrap import dedent

import msgspec
import pytest

from autograder.box import StudentFaultError
from autograder.catalog import Limits
from autograder.farside import Load
from autograder.results import Outcome
from autograder.testing import FeedbackError
from autograder.trials import MAX_CALLS, Trials, Version, run_boxed, run_near

LIMITS = Limits(wall_s=60, cpu_s=2, memory_mb=600)
IMPORTS = ["autograder.testbed"]
TOTAL = '''
def total(numbers, start=0):
    """The sum."""
    if not isinstance(numbers, list):
        raise ValueError("give a list")
    return sum(numbers, start)
'''
LOOP = """
def total(numbers, start=0):
    if not isinstance(numbers, list):
        raise ValueError("a list is needed")
    for number in numbers:
        start += number
    return start
"""
WRONG = {
    "The last is left out": "def total(numbers, start=0): return sum(numbers[:-1], start)",
    "The start is forgotten": "def total(numbers, start=0): return sum(numbers)",
    "It takes anything": "def total(numbers, start=0): return sum(numbers, start)",
}
HEAD = "import pytest\nfrom langmodels.sums import total\n"
GOOD = """
def test_total():
    assert total([1, 2, 3]) == 6

def test_start():
    assert total([2], start=5) == 7

@pytest.mark.parametrize("what", ["abc", 3])
def test_what_is_no_list_is_refused(what):
    with pytest.raises(ValueError):
        total(what)
"""
# The same to whoever calls it as TOTAL.
TWIN = TOTAL.replace("The sum.", "The sum, of the twin.") + "\nSECRET = 'the twin'\n"


def try_tests(
    tests: str, wrong=WRONG, right=(LOOP,), near=False, limits=LIMITS, is_open=False, head=HEAD
) -> Trials:
    load = Load(
        {"sums.py": b"def total(): ...", "test_sums.py": (head + dedent(tests)).encode()},
        module="test_sums",
        symbol="test_total",
        tests_for="sums.total",
        seed=3,
    )
    reference = Load({"sums.py": TOTAL.encode()}, module="sums", symbol="total", seed=3)

    def version(title: str, override: str) -> Version:
        return Version(
            title, Load(reference.files, module="sums", symbol="total", override=override, seed=3)
        )

    run = partial(run_near, load, limits) if near else partial(run_boxed, load, limits, IMPORTS)
    rights = [Version("the course's own", reference)]
    rights += [version(f"another way, {n}", text) for n, text in enumerate(right)]
    return Trials(
        load, rights, {title: version(title, text) for title, text in wrong.items()}, run, is_open
    )


def noticed(trials: Trials) -> list[str]:
    found = []
    for title in trials.wrong:
        try:
            trials.expect_noticed(title)
        except (FeedbackError, StudentFaultError):
            continue
        found.append(title)
    return found


def complaint(trials: Trials) -> str:
    with pytest.raises((FeedbackError, StudentFaultError)) as raised:
        trials.expect_accepted()
    return str(raised.value)


# --- What counts ------------------------------------------------------------------------------


@pytest.mark.parametrize("near", [False, True])
def test_good_tests_accept_what_is_right_and_notice_what_is_wrong(near):
    trials = try_tests(GOOD, near=near)
    trials.expect_accepted()
    assert noticed(trials) == [*WRONG]


@pytest.mark.parametrize("near", [False, True])
def test_what_nobody_asks_for_is_not_noticed(near):
    trials = try_tests("def test_total(): assert total([1, 2]) == 3", near=near)
    trials.expect_accepted()
    assert noticed(trials) == ["The last is left out"]


def test_a_test_that_a_right_solution_fails_does_not_count_and_the_others_do():
    trials = try_tests(
        """
        def test_total():
            assert total([1, 2]) == 3

        def test_words():
            with pytest.raises(ValueError, match="^give a list$"):
                total("abc")
        """
    )
    text = complaint(trials)
    assert text.startswith("test_words does not count: a right solution fails it (another way, 0)")
    assert "test_sums.py, line 8: with pytest.raises(" in text
    assert noticed(trials) == ["The last is left out"]


def test_parameters_are_one_with_their_function():
    trials = try_tests(
        """
        @pytest.mark.parametrize("sum", [3, 4])
        def test_total(sum):
            assert total([1, 2]) == sum
        """
    )
    assert complaint(trials).startswith("test_total does not count")
    assert noticed(trials) == []


@pytest.mark.parametrize(
    "tests",
    [
        "def test_total(): pass",
        "def total_is_right(): assert total([1]) == 1",
        "def test_total(): assert True, total([1, 2])",
        "def test_total(): pytest.skip('later')",
        "def test_total(nobody_made_this): assert total([1, 2]) == 3",
        "def test_total(): assert total([1, 2]) == 4",
        "@pytest.mark.parametrize('a', 7)\ndef test_total(a): assert total([1, 2]) == 3",
    ],
)
def test_tests_that_tell_nothing_earn_nothing(tests):
    trials = try_tests(tests)
    assert complaint(trials)
    assert noticed(trials) == []


def test_classes_fixtures_and_marks_work_as_pytest_has_them():
    trials = try_tests(
        """
        @pytest.fixture
        def numbers(): return [1, 2, 3]

        class TestTotal:
            def test_it(self, numbers): assert total(numbers) == pytest.approx(6)

        @pytest.mark.xfail(raises=ValueError, strict=True)
        def test_refusal(): total("abc")

        def test_output(capsys):
            print("hello")
            assert capsys.readouterr().out == "hello\\n" and total([1], 2) == 3
        """
    )
    trials.expect_accepted()
    assert noticed(trials) == [*WRONG]


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("from langmodels.sums import total as t", "t"),
        ("from langmodels import sums", "sums.total"),
        ("import langmodels.sums as s", "s.total"),
        ("from langmodels.sums import *", "total"),
    ],
)
def test_the_function_may_be_called_by_any_name(head, name):
    trials = try_tests(f"def test_total(): assert {name}([1, 2]) == 3", head=f"{head}\n")
    trials.expect_accepted()
    assert noticed(trials) == ["The last is left out"]


@pytest.mark.parametrize("near", [False, True])
def test_what_a_version_does_to_its_arguments_can_be_seen(near):
    wrong = {
        "It sorts the caller's list": TOTAL.replace("    return", "    numbers.sort()\n    return"),
        "It makes it longer": TOTAL.replace("    return", "    numbers.append(0)\n    return"),
        "It changes a row": TOTAL.replace("    return", "    numbers[1] -= numbers[1]\n    return"),
    }
    trials = try_tests(
        """
        import numpy as np

        def test_total():
            numbers = [3, np.array([1, 2])]
            row = numbers[1]
            total(numbers)
            assert numbers[0] == 3 and len(numbers) == 2
            assert row.tolist() == [1, 2]

        def test_order():
            numbers = [3, 1, 2]
            total(numbers)
            assert numbers == [3, 1, 2]
        """,
        wrong={**wrong, "twin": TWIN},
        near=near,
    )
    trials.expect_accepted()
    assert noticed(trials) == [*wrong]


def test_gradients_come_back_from_the_version():
    rights = "def total(x): return (x * x).sum(-1)"
    wrong = {"detached": "def total(x): return (x.detach() * x).sum(-1)"}
    load = Load(
        {
            "sums.py": b"",
            "test_sums.py": dedent(
                """
                import torch
                from langmodels.sums import total

                def test_total():
                    x = torch.tensor([[1.0, 2.0]], requires_grad=True)
                    (3 * total(2 * x)).sum().backward()
                    assert x.grad.tolist() == [[24.0, 48.0]]
                """
            ).encode(),
        },
        module="test_sums",
        tests_for="sums.total",
    )
    sums = Load({}, module="sums", symbol="total")
    versions = {
        name: Version(
            name, msgspec.structs.replace(sums, files={"sums.py": f"import torch\n{text}".encode()})
        )
        for name, text in {"right": rights, **wrong}.items()
    }
    right, *others = versions.values()
    run = partial(run_boxed, load, Limits(wall_s=120), ["torch", *IMPORTS])
    trials = Trials(load, [right], {v.title: v for v in others}, run, is_open=True)
    trials.expect_accepted()
    assert noticed(trials) == ["detached"]


def test_chance_is_the_same_for_each_version():
    trials = try_tests(
        """
        import random

        def test_total():
            assert random.random() < 0.5
            assert total([1, 2]) == 3
        """,
    )
    assert trials._try(trials.right[0]) == trials._try(trials.right[0])


def test_a_test_that_depends_on_chance_of_its_own_does_not_count():
    coins = "\n".join(
        f"def test_{name}():\n    total([1])\n    assert os.urandom(1)[0] < 128"
        for name in "abcdef"
    )
    # That one of them passes twice on what is right, and never differs on a twin, is one in 10⁷.
    twins = {f"twin {n}": TWIN for n in range(24)}
    trials = try_tests(f"import os\n{coins}", wrong=twins)
    assert complaint(trials)
    assert noticed(trials) == []


def test_a_test_that_passes_at_first_and_fails_the_second_time_does_not_count(monkeypatch):
    monkeypatch.setattr(sys, "turns", itertools.count(1), raising=False)
    text = """
        import sys

        def test_total():
            total([1])
            assert next(sys.turns) != 4  # the second time on the twin, after two on what is right
        """
    trials = try_tests(text, wrong={"twin": TWIN}, right=(), near=True)
    assert "now passes and now fails" in complaint(trials)
    assert noticed(trials) == []


# --- What is said -----------------------------------------------------------------------------


def test_one_mistake_that_is_missed_is_named_and_no_other():
    said = []
    trials = try_tests("def test_total(): assert total([5]) == 5", WRONG)
    trials.record = lambda name, value: said.append(value)
    for title in [*WRONG][1:]:
        with pytest.raises(FeedbackError) as raised:
            trials.expect_noticed(title)
        said.append(str(raised.value))
    assert "The start is forgotten" in said[1]
    assert "It takes anything" not in " ".join(said)
    trials.expect_noticed("The last is left out")
    assert said[-1] == "notices The last is left out"


def test_names_and_texts_that_the_submission_does_not_hold_are_not_shown():
    trials = try_tests(
        """
        def wrong():
            raise type(f"Leak{total([40, 2])}", (Exception,), {})(f"text{total([40, 2])}")

        globals()["test_leak" + "42"] = wrong
        exec(compile("def test_more(): wrong()", "langmodels/test_sums.py", "exec"))
        """
    )
    text = complaint(trials)
    assert "does not count" in text
    assert "42" not in text


# --- What tests cannot do ---------------------------------------------------------------------

# What to search for, without being found itself.
MARK = "import codecs\ndef mark(): return codecs.decode('gur gjva', 'rot13')\n"
SEARCHES = {
    "source": """
        import inspect
        try:
            found = inspect.getsource(total)
        except OSError:
            found = ""
        """,
    "code": "found = repr(total.__code__.co_consts) + repr(total.__doc__)",
    "closure": "found = repr([c.cell_contents for c in total.__closure__ or ()])",
    "globals": "found = repr(total.__globals__)",
    "modules": "import sys; found = repr([vars(m) for m in list(sys.modules.values()) if m])",
    "memory": "import gc; found = repr([o for o in gc.get_objects() if isinstance(o, dict)])",
    "frames": """
        import sys
        total([1])
        frame, found = sys._getframe(), ""
        while frame:
            found += repr(frame.f_locals)
            frame = frame.f_back
        """,
    "traceback": """
        import traceback
        try:
            total(3)
        except ValueError:
            found = traceback.format_exc()
        """,
    "processes": """
        import os
        found = ""
        for pid in [os.getpid() + n for n in range(-40, 40)]:
            try:
                found += open(f"/proc/{pid}/maps").read() + open(f"/proc/{pid}/mem").read(100)
            except OSError:
                pass
        """,
}


@pytest.mark.parametrize("search", SEARCHES)
def test_a_version_shows_what_it_does_and_nothing_else(search):
    body = dedent(SEARCHES[search]).strip().replace("\n", "\n            ")
    text = f"""
        def test_total():
            assert total([1, 2]) == 3

        def test_identity():
            {body}
            assert mark() not in found
        """
    trials = try_tests(text, wrong={"twin": TWIN, **WRONG}, head=HEAD + MARK)
    trials.expect_accepted()
    assert "twin" not in noticed(trials)
    assert "The last is left out" in noticed(trials)


def test_a_search_finds_it_where_both_are_in_one_process():
    body = dedent(SEARCHES["frames"]).strip().replace("\n", "\n            ")
    text = f"""
        def test_total():
            {body}
            assert mark() not in found
        """
    trials = try_tests(text, wrong={"twin": TWIN}, near=True, head=HEAD + MARK)
    assert noticed(trials) == ["twin"]


# Each tries to have a say beyond its tests: what it makes the box claim, or what it asks for.
FORGERIES = {
    "always fails": """
        import autograder.testbed as t
        t.run_tests = lambda module: [("total", "failed", None)]
        """,
    "never fails": """
        import autograder.testbed as t
        t.run_tests = lambda module: [("total", "passed", None)]
        """,
    "no list": "import autograder.testbed as t\nt.run_tests = lambda m: [7, None, {'a': 1}]",
    "no end": "import autograder.farside as f\nf.FarSide.test = lambda self: ('end', [[1, 2], 3])",
    "nothing": "import autograder.farside as f\nf.FarSide.test = lambda self: None",
    "too many": """
        import autograder.testbed as t
        t.run_tests = lambda m: [('test_a', 'failed', None)] * 5000
        def test_a(): pass
        """,
    "patches pytest": """
        import _pytest.runner
        def call(*args, **kwargs): raise RuntimeError
        _pytest.runner.call_and_report = call
        """,
    "patches the stub": """
        import langmodels.sums
        langmodels.sums.total = lambda *args: 1 / 0
        def test_total(): langmodels.sums.total([1])
        """,
    "writes frames": """
        import os
        from autograder import wire
        def test_total():
            for number in range(1, 9):
                wire.send(4, (number, [], "value", ("end", [["test_total", "failed", None]])))
        """,
    "writes noise": "import os\ndef test_total(): os.write(4, b'noise' * 99)",
    "closes the line": "import os\ndef test_total(): os.close(4); total([1])",
    "exits": "import sys\ndef test_total(): total([1]); sys.exit(0)",
    "exits hard": "import os\ndef test_total(): total([1]); os._exit(0)",
    "exits as it is read": "raise SystemExit",
    "is interrupted": "def test_total(): raise KeyboardInterrupt",
    "ends the session": "def test_total(): pytest.exit('enough')",
    "loops": "def test_total():\n    while True: pass",
    "crashes": "import ctypes\ndef test_total(): ctypes.string_at(0)",
    "prints": "import os\ndef test_total(): os.write(1, b'x' * 2**20)",
    "eats memory": "def test_total(): total([bytearray(2**30)])",
    "calls without end": "def test_total():\n    while True: total([])",
    "calls as it is read": "total([1, 2])",
    "asks for another function": """
        import gc
        from autograder.farside import FarSide
        (far,) = [o for o in gc.get_objects() if isinstance(o, FarSide)]
        def test_total(): far.ask("call", "sums", "__loader__", (), {}, False, False, [])
        """,
    "asks in another form": """
        import gc
        from autograder.farside import FarSide
        (far,) = [o for o in gc.get_objects() if isinstance(o, FarSide)]
        def test_total(): far.ask("consult", "total", [1])
        """,
    "asks for the source": """
        import gc
        from autograder.farside import FarSide
        (far,) = [o for o in gc.get_objects() if isinstance(o, FarSide)]
        def test_total(): far.ask("read", "sums", "total.__code__.co_code")
        """,
    "asks for tests": """
        import gc
        from autograder.farside import FarSide
        (far,) = [o for o in gc.get_objects() if isinstance(o, FarSide)]
        def test_total(): far.ask("test")
        """,
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_forgeries_end_as_the_students_fault_and_earn_nothing(forgery):
    trials = try_tests(FORGERIES[forgery], right=(), wrong={"twin": TWIN, **WRONG})
    assert complaint(trials)
    assert noticed(trials) == []


def test_tests_that_loop_are_stopped_and_said_to_be():
    trials = try_tests("def test_total():\n    while True: pass", right=())
    with pytest.raises(StudentFaultError) as raised:
        trials.expect_accepted()
    assert raised.value.outcome is Outcome.TIMEOUT


def test_calls_are_counted():
    trials = try_tests(f"def test_total(): [total([]) for _ in range({MAX_CALLS + 1})]", right=())
    assert f"more than {MAX_CALLS:,} times" in complaint(trials)


def test_a_version_that_dies_fails_a_test_and_no_more():
    wrong = {
        "loops": "def total(numbers, start=0):\n    while True: pass",
        "dies": "import os\ndef total(numbers, start=0): os._exit(3)",
    }
    trials = try_tests(GOOD, wrong=wrong, limits=Limits(wall_s=60, cpu_s=1, memory_mb=600))
    trials.expect_accepted()
    assert noticed(trials) == [*wrong]


def test_files_of_the_grader_are_not_to_be_read():
    here = Path(__file__).resolve()
    trials = try_tests(f"def test_total(): assert not open({str(here)!r}).read(3)")
    assert "PermissionError" in complaint(trials)
    assert trials.attempts == ["files"]
