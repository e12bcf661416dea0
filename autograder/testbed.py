"""Runs the tests that a student wrote, by pytest, beside the student's code.

That is in a box, where no other code is: the function that the tests are for is a stub there,
whose calls are answered from elsewhere. What is said here of a test is the student's own word.
"""

import itertools
import os
import sys
from collections.abc import Callable, Generator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import numpy as np
import pytest
from _pytest.config import _prepareconfig  # as pytest's own plugins for many processes do

from autograder.farside import trainable
from autograder.student import RemotePackage

# What pytest could do with files, terminals and threads: a box has none of these to give.
_LEFT_OUT = (
    *("cacheprovider", "debugging", "doctest", "faulthandler", "junitxml", "legacypath"),
    *("logging", "pastebin", "python_path", "setuponly", "setupplan", "stepwise", "terminal"),
    *("threadexception", "tmpdir", "unittest", "unraisableexception", "warnings"),
)
_OPTIONS = (
    # It looks for settings around a path, else in the folder where it is started. Nothing is there.
    *(os.devnull, "--rootdir=/", "--noconftest", "--disable-plugin-autoload", "--assert=plain"),
    "--capture=no",  # the box has what is printed
    *(f"-pno:{name}" for name in _LEFT_OUT),
)

End = tuple[str, str, BaseException | None]  # a test's name, how it ended, and what it raised


def run_tests(module: ModuleType) -> list[End]:
    """Run what pytest finds in a module that is imported already.

    Returns:
        for each test, in this order: its name ("test_a", "TestB::test_c[1]"; of what cannot even
        be collected ""), "passed", "failed", "error" (before or after it) or "skipped", and the
        exception where there was one.
    """
    waiting = prepare()
    if not waiting.left:
        prepare.cache_clear()
        waiting = prepare()
    return waiting.run(module)


@cache
def prepare() -> "_Waiting":
    """Begin a session of pytest, which takes longer than most tests do: once for many boxes."""
    return _Waiting()


class _Waiting:
    """A session of pytest that has begun and waits for modules.

    Attributes:
        left: how many it may still run. It remembers all that it has seen, and where no box ends
            with it that is given up from time to time.
    """

    def __init__(self) -> None:
        self.left = 100
        self._ends = _Ends()
        config = _prepareconfig([*_OPTIONS], [self._ends])
        config._do_configure()
        self._session = pytest.Session.from_config(config)
        config.hook.pytest_sessionstart(session=self._session)

    def run(self, module: ModuleType) -> list[End]:
        """See run_tests."""
        self.left -= 1
        found = self._ends.found = []
        # A path of its own, so that the fixtures of another module are not this one's.
        path = Path("/", str(self.left), f"{module.__name__}.py")
        file = _Loaded.from_parent(self._session, path=path, module=module)
        try:
            items = list(self._session.genitems(file))
            if not found:  # else something could not be collected
                for item, following in itertools.zip_longest(items, items[1:]):
                    item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
        except (pytest.exit.Exception, KeyboardInterrupt):
            pass  # a test's way to say that it was the last
        return found


def caller(box: Any) -> Callable[..., Any]:
    """A function that is called elsewhere: `box.ask` goes there.

    Gradients come back from there, and changes of lists, dicts, sets, arrays and tensors that were
    given to it.
    """
    return _Elsewhere(box).consult


class _Elsewhere(RemotePackage):
    def consult(self, *args: Any, **kwargs: Any) -> Any:
        inputs, forget = trainable([args, kwargs]), self._forgotten[:]
        del self._forgotten[: len(forget)]
        grad = "torch" in sys.modules and sys.modules["torch"].is_grad_enabled()
        result, graph, changed = self._ask("consult", args, kwargs, grad, forget)
        if changed is not None:
            _repeat([args, kwargs], changed)
        return result if graph is None else self._tie(result, graph, inputs)


def _repeat(own: Any, after: Any) -> Any:
    """Change `own` in place to what it became elsewhere; what is to stand in its place then."""
    match own, after:
        case tuple(), tuple():
            return tuple(map(_repeat, own, after))
        case list(), list():
            own[:] = [*map(_repeat, own, after), *after[len(own) :]]
        case dict(), dict():
            parts = {key: _repeat(own.get(key), part) for key, part in after.items()}
            own.clear()
            own.update(parts)
        case set(), set():
            own.clear()
            own.update(after)
        case np.ndarray(), np.ndarray() if own.shape == after.shape:
            own[...] = after
        case _:
            tensor = getattr(sys.modules.get("torch"), "Tensor", ())
            if not isinstance(own, tensor) or own.shape != after.shape:
                return after
            if not own.equal(after):  # else a graph that holds it would be spoilt
                own.detach().copy_(after.detach())
    return own


class _Ends:
    """A plugin: how each test ends."""

    def __init__(self) -> None:
        self.found: list[End] = []
        self._error: BaseException | None = None

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Remember what cannot be collected."""
        report = yield
        if report.failed:
            self.found.append(("", "error", None))
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> pytest.TestReport:
        """Say how a part of a test ended; pytest's own report would read sources from files."""
        assert call.when != "collect"
        self._error = error = call.excinfo.value if call.excinfo else None
        outcome: Literal["passed", "failed", "skipped"] = "failed" if error else "passed"
        if isinstance(error, pytest.skip.Exception):
            outcome = "skipped"
        return pytest.TestReport(item.nodeid, item.location, {}, outcome, None, call.when)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember how a test ended, now that its marks have had their say."""
        if report.when == "call" or not report.passed:
            outcome = "error" if report.failed and report.when != "call" else report.outcome
            name = report.nodeid.partition("::")[2]
            self.found.append((name, outcome, self._error if report.failed else None))


class _Loaded(pytest.Module):
    """A file of tests whose module is there already."""

    def __init__(self, *, module: ModuleType, **others: Any) -> None:
        self._module = module
        super().__init__(**others)

    def _getobj(self) -> ModuleType:
        return self._module
