"""What people see of the commands while they work."""

import io

from rich.console import Console

from autograder import terminal


def test_a_log_is_told_what_is_done_and_how_long_the_rest_takes(monkeypatch):
    """Steps that take no time, because they were done before, are not counted."""
    log = io.StringIO()
    monkeypatch.setattr(terminal, "err", Console(file=log, force_terminal=False))
    monkeypatch.setattr(terminal, "LOG_S", -1)
    with terminal.progress_bar("grading", 4) as step:
        step.skip()
        for _ in range(3):
            step()
    said = log.getvalue().splitlines()
    assert [line.rpartition(",")[0] for line in said] == ["grading: 1 of 3", "grading: 2 of 3"]
    assert all(line.endswith(" left") for line in said)


def test_a_hidden_bar_says_nothing(monkeypatch):
    log = io.StringIO()
    monkeypatch.setattr(terminal, "err", Console(file=log, force_terminal=False))
    monkeypatch.setattr(terminal, "LOG_S", -1)
    with terminal.progress_bar("grading", 2, hidden=True) as step:
        step()
    assert not log.getvalue()
