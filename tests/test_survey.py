"""What is said of a module that nobody has run."""

import textwrap

import pytest

from autograder.survey import survey

LSTM = "torch.nn.LSTM"
ATTENTION = "torch.nn.functional.scaled_dot_product_attention"


def unwritten(source: str) -> dict[str, int]:
    return survey(textwrap.dedent(source).encode(), "nets").unwritten


def ready_made(source: str) -> list[str]:
    forbids = {"nets.Model": [LSTM, ATTENTION]}
    return survey(textwrap.dedent(source).encode(), "nets", forbids).ready_made.get(
        "nets.Model", []
    )


PROBLEMS = {
    b"x = 1\n# caf\xe9\n": "nets.py, line 2: not UTF-8 text; save the file as UTF-8",
    b"\n\ndef f(:\n": "nets.py, line 3: syntax error, invalid syntax: def f(:",
    b"x = 1\n\x00": "syntax error, source code string cannot contain null bytes",
    b"if True:\nx = 1\n": "line 2: syntax error, expected an indented block",
    b"(" * 999: "too many nested parentheses",
}


@pytest.mark.parametrize("source, words", PROBLEMS.items(), ids=PROBLEMS.values())
def test_what_is_no_python_says_why_in_one_sentence(source, words):
    found = survey(source, "nets")
    assert words in found.problem
    assert "\n" not in found.problem
    assert len(found.problem) < 400
    assert not found.unwritten


@pytest.mark.parametrize("source", [b"", b"# caf\xc3\xa9\n", b"\xef\xbb\xbfx = 1\r\n"], ids=repr)
def test_what_python_reads_is_no_problem(source):
    assert survey(source, "nets").problem == ""


@pytest.mark.parametrize("source", [b"-" * 10**6 + b"1", b"x = " + b"[" * 150 + b"]" * 150])
def test_source_made_to_break_a_parser_is_only_a_problem(source):
    survey(source, "nets")


def test_a_stub_is_unwritten_at_its_first_line():
    source = '''
        def one():
            """Nothing yet."""
            raise NotImplementedError("nets.one")


        class Two:
            def first(self):
                return 1

            def second(self):
                if self:
                    raise NotImplementedError("nets.Two")
                raise NotImplementedError("nets.Two")
    '''
    assert unwritten(source) == {"nets.one": 4, "nets.Two": 13}


@pytest.mark.parametrize(
    "source",
    [
        "def one():\n    return 1\n    raise NotImplementedError('nets.one')\n",
        "def one():\n    raise NotImplementedError('nets.one')\ndef one():\n    return 1\n",
        "def one():\n    '''raise NotImplementedError(\"nets.one\")'''\n",
        "def one(kind):\n    raise NotImplementedError(kind)\n",
        "def one():\n    raise NotImplementedError('nets.two')\n",
        "def one():\n    raise ValueError('nets.one')\n",
    ],
)
def test_what_does_not_raise_its_own_name_is_written(source):
    assert unwritten(source) == {}


@pytest.mark.parametrize(
    "source",
    [
        "def one():\n    if 0:\n        return 1\n    raise NotImplementedError('nets.one')\n",
        "def one():\n    raise NotImplementedError('nets.one')\n    return 1\n",
    ],
)
def test_what_still_raises_is_not(source):
    assert list(unwritten(source)) == ["nets.one"]


@pytest.mark.parametrize(
    "source",
    [
        "import torch\nnet = torch.nn.LSTM(1, 1)",
        "import torch.nn\nnet = torch.nn.LSTM(1, 1)",
        "import torch.nn as nn\nnet = nn.LSTM(1, 1)",
        "from torch import nn\nclass Model(nn.LSTM): pass",
        "from torch import nn as layers\nnet = layers.LSTM",
        "from torch.nn import LSTM as L\nnet = [L(1, 1)]",
        "def f():\n  from torch.nn import LSTM; return LSTM",
        "from torch.nn import *\nnet = LSTM(1, 1)",
    ],
)
def test_a_forbidden_name_is_found_behind_its_aliases(source):
    assert ready_made(source) == [f"line 2: {LSTM}"]


@pytest.mark.parametrize(
    "source",
    [
        "import torch.nn as nn\nnet = nn.LSTMCell(1, 1)",
        "class LSTM: pass\nnet = LSTM()",
        "from .torch.nn import LSTM\nnet = LSTM()",
        "import torch\n# torch.nn.LSTM\nx = 'torch.nn.LSTM'",
        "def f(nn): return nn.LSTM",
        "import torch.nn",
        "from torch.nn import *\nnet = GRU(1, 1)",
        "from torch import *\nnet = LSTM(1, 1)",
    ],
)
def test_what_only_looks_like_one_is_not(source):
    assert ready_made(source) == []


def test_each_use_is_named_in_order_for_the_exercise_that_forbids_it():
    source = b"import torch.nn as nn, torch.nn.functional as F\n\n\n"
    source += b"a = lambda: F.scaled_dot_product_attention\nb = nn.LSTM\n"
    found = survey(source, "nets", {"nets.a": [ATTENTION, LSTM], "nets.b": [LSTM], "nets.c": []})
    assert found.ready_made == {
        "nets.a": [f"line 4: {ATTENTION}", f"line 5: {LSTM}"],
        "nets.b": [f"line 5: {LSTM}"],
    }


def test_a_use_is_held_against_the_exercise_in_which_it_stands_and_a_helpers_against_all():
    source = textwrap.dedent(
        """
        import torch.nn as nn
        def a():
            return nn.LSTM
        def b():
            return helper()
        def helper():
            return nn.LSTM
        """
    )
    found = survey(source.encode(), "nets", {"nets.a": [LSTM], "nets.b": [LSTM]})
    assert found.ready_made == {
        "nets.a": [f"line 4: {LSTM}", f"line 8: {LSTM}"],
        "nets.b": [f"line 8: {LSTM}"],
    }
