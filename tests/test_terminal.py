"""What people see of the commands while they work."""

import io

import pytest
from rich.console import Console
from rich.text import Text

from autograder import terminal
from autograder.terminal import exercise_table


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


LONG = "test_attention.test_scaled_dot_product_attention"


@pytest.mark.parametrize(
    ("width", "first"),
    [
        (100, f"✓ {LONG} Multi-head attention in"),
        (76, f"✓ {LONG} 0/2 error in your code,"),
        (60, "✓ test_attention.test_scaled_dot_p 0/2 error in your code,"),
    ],
)
def test_where_there_is_no_room_for_titles_there_are_none(width, first):
    words = "error in your code, stretch"
    rows = [[*map(Text, ("✓", LONG, "Multi-head attention in tiles", "0/2", words))]]
    text = io.StringIO()
    Console(file=text, width=width).print(exercise_table(rows, width))
    assert text.getvalue().startswith(first)
    assert max(map(len, text.getvalue().splitlines())) <= width
