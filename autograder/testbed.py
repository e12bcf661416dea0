"""Runs the tests that a student wrote, by pytest, beside the student's code.

That is in a box, where no other code is: the function that the tests are for is a stub there,
whose calls are answered from elsewhere. What is said here of a test is the student's own word.
"""

import os
from collections.abc import Callable, Generator
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import pytest

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
    "--capture=sys",
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
    ends = _Ends(module)
    pytest.main([*_OPTIONS], plugins=[ends])
    return ends.found


def caller(box: Any, module: str, symbol: str) -> Callable[..., Any]:
    """A function that has the examiner call another box's; gradients come back from there too.

    Args:
        box: has `ask`, as a Box has.
        module: the name of the module in which the function is.
        symbol: the function's name.
    """
    package = RemotePackage(box)
    return lambda *args, **kwargs: package.call(module, symbol, args, kwargs, False)


class _Ends:
    """A plugin for one run of pytest."""

    def __init__(self, module: ModuleType) -> None:
        self.module = module
        self.found: list[End] = []
        self._error: BaseException | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> bool:
        """Take the module's tests, and look for no others."""
        name = f"/{self.module.__name__}.py"
        file = _Loaded.from_parent(session, path=Path(name), module=self.module)
        session.items = list(session.genitems(file))
        session.testscollected = len(session.items)
        return True

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
