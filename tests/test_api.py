"""The pages that describe the package: complete, readable, and without a line of a solution."""

import ast
import re
from collections.abc import Callable
from pathlib import Path

import griffe
import pytest

from autograder import api
from autograder.catalog import load_catalog
from autograder.sync import regions

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The text of each page of our own package."""
    folder = tmp_path_factory.mktemp("book") / "api"
    api.write_pages(SOURCE, folder, load_catalog(ROOT / "exercises"))
    return {path.stem: path.read_text(encoding="utf-8") for path in folder.iterdir()}


@pytest.fixture
def module(tmp_path: Path) -> Callable[[str], griffe.Module]:
    """Reads a package of one module, `demo`, from its source."""

    def read(source: str) -> griffe.Module:
        package = tmp_path / "langmodels"
        package.mkdir(exist_ok=True)
        (package / "__init__.py").touch()
        (package / "demo.py").write_text(source, encoding="utf-8")
        return api.load_modules(tmp_path)["demo"]

    return read


def public_names() -> list[tuple[str, str]]:
    """(module, name) of each function and class, as Python's own parser sees them."""
    return [
        (path.stem, node.name)
        for path in sorted((SOURCE / "langmodels").glob("[!_]*.py"))
        if not path.stem.startswith("test_")  # written by students
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    ]


# --- Our package ------------------------------------------------------------------------------


def test_every_public_name_has_a_section_and_a_place_in_the_index(pages):
    names = public_names()
    assert len(names) > 90
    for module, name in names:
        section = rf"^\(api\.{module}\.{name}(\.class)?\)=\n## `{name}`$"
        assert re.search(section, pages[api.page_name(module)], re.MULTILINE), (module, name)
        assert f"[`{name}`](#api.{module}.{name}" in pages["api"]


def test_labels_differ_even_where_case_is_ignored(pages):
    labels = [
        label.lower() for text in pages.values() for label in re.findall(r"^\((.*)\)=$", text, re.M)
    ]
    assert len(labels) > 150
    assert len(set(labels)) == len(labels)


def test_a_function_that_is_an_exercise_leads_to_its_card(pages):
    catalog = load_catalog(ROOT / "exercises")
    for exercise in (e for e in catalog.exercises.values() if not e.tests_for):
        text = pages[api.page_name(exercise.module)]
        section = text.partition(f"(api.{exercise.id})=")[2].partition("\n(api.")[0]
        chapter = catalog.chapter_of(exercise).number
        assert f"Chapter {chapter}: [{exercise.title}](#{exercise.id})" in section


def test_no_line_of_a_solution_is_on_any_page(pages):
    everything = "\n".join(pages.values())
    lines = [
        line.strip()
        for path in (ROOT / "solutions" / "langmodels").glob("*.py")
        for source in [path.read_text(encoding="utf-8")]
        for begin, end, _, _ in regions(source)
        for line in source.splitlines()[begin : end - 1]
    ]
    telling = [line for line in lines if len(line) > 24]
    assert len(telling) > 200
    assert [line for line in telling if line in everything] == []


def test_prose_links_whole_names_and_leaves_plain_words_alone():
    labels = api.labels(SOURCE)
    assert labels["causal_mask"] == labels["attention.causal_mask"] == "api.attention.causal_mask"
    assert labels["KVCache"] == "api.inference.KVCache"
    assert labels["ngrams.prune"] == "api.ngrams.prune"
    assert not {"prune", "floor", "generate"} & {*labels}


# --- Signatures -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("annotation", "spoken"),
    [
        ("Float[Tensor, 'B T D']", "Float[B × T × D]"),
        ('Int[Tensor, " B"]', "Int[B]"),
        ("Bool[Tensor, '#B 1 T S'] | None", "Bool[B|1 × 1 × T × S] | None"),
        ("Float[Tensor, '*#batch T K']", "Float[…|1 × T × K]"),
        ("tuple[Float[np.ndarray, 'RC E+F'], int]", "tuple[Float[RC × E+F], int]"),
        ("dict[str, list[int]]", "dict[str, list[int]]"),
    ],
)
def test_a_shape_is_written_as_a_product(annotation, spoken):
    assert api.shapes(annotation) == spoken


def signature_of(module: griffe.Module, name: str) -> str:
    return next(api.signature(s.name, s.definition) for s in api.symbols(module) if s.name == name)


def test_a_long_signature_has_a_parameter_on_each_line(module):
    demo = module(
        'def short(n: int, *rest: str, key: int = 1) -> str:\n    "x"\n'
        'def long(first: Float[Tensor, "B T D"], second: Float[Tensor, "B T D"], *, '
        'flag: bool = False):\n    "x"\n'
    )
    assert signature_of(demo, "short") == "short(n: int, *rest: str, key: int = 1) -> str"
    assert signature_of(demo, "long") == (
        "long(\n    first: Float[B × T × D],\n    second: Float[B × T × D],\n    *,\n"
        "    flag: bool = False,\n) -> None"
    )


def test_a_class_shows_what_makes_one(module):
    demo = module(
        "from typing import NamedTuple\n"
        'class Point(NamedTuple):\n    "A place."\n    x: float  # metres\n    y: float = 0.0\n'
        'class Layer(nn.Module):\n    "A layer."\n    def __init__(self, width: int) -> None: ...\n'
        '    def forward(self, x: int) -> int:\n        "Apply it."\n'
        '    @property\n    def width(self) -> int:\n        "D."\n'
        'class Wrong(Exception):\n    "It went wrong."\n'
    )
    assert signature_of(demo, "Point") == (
        "class Point(\n    x: float,  # metres\n    y: float = 0.0,\n)"
    )
    assert signature_of(demo, "Layer") == "class Layer(width: int)"
    assert signature_of(demo, "Layer.forward") == "Layer.forward(x: int) -> int"
    assert signature_of(demo, "Layer.width") == "Layer.width -> int"
    assert signature_of(demo, "Wrong") == "class Wrong"


def test_what_is_private_imported_or_unexplained_is_left_out(module):
    demo = module(
        "from math import sqrt\nfrom langmodels.other import shared\n"
        'def _inner():\n    "x"\ndef silent(): ...\ndef told():\n    "x"\n'
    )
    assert [symbol.name for symbol in api.symbols(demo)] == ["told"]


def test_a_class_and_a_function_may_differ_in_case_only(module):
    demo = module('class Cost:\n    "x"\ndef cost() -> Cost:\n    "x"\n')
    assert [s.label for s in api.symbols(demo)] == ["api.demo.Cost.class", "api.demo.cost"]


# --- Docstrings -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("docstring", "page"),
    [
        ("Two lines\nof one paragraph.", "Two lines of one paragraph."),
        ("It costs n\n- 1 steps.", "It costs n - 1 steps."),
        ("Rules:\n- one `a_b`\n  goes on\n- two", "Rules:\n\n- one `a_b` goes on\n- two"),
        (
            "As in\n    y = <s>\n\n    z = 1\nends.",
            "As in\n\n```text\ny = <s>\n\nz = 1\n```\n\nends.",
        ),
        (">>> f(1)\n2", "```pycon\n>>> f(1)\n2\n```"),
        ("Not <s>, {x}, @y, a_b; `<s>`.", "Not \\<s>, \\{x}, \\@y, a\\_b; `<s>`."),
        ("Sum $a_i < b$ of *all*.", "Sum $a_i < b$ of *all*."),
        ("# no heading", "\\# no heading"),
    ],
)
def test_a_docstring_keeps_its_marks_and_means_nothing_else(docstring, page):
    assert api.markdown(docstring) == page


def test_sections_follow_the_text_in_one_order(module, tmp_path):
    module(
        '"""Demo: a module."""\n'
        "def half(n: int) -> int:\n"
        '    """Half of n.\n\n    Raises:\n        ValueError: if n is odd.\n\n'
        "    Returns:\n        The half: n // 2.\n\n"
        "    Args:\n        n: an even\n            number.\n\n"
        '    Example:\n        >>> half(4)\n        2\n    """\n'
    )
    api.write_pages(tmp_path, tmp_path / "api", load_catalog(ROOT / "exercises"))
    text = (tmp_path / "api" / "api-demo.md").read_text(encoding="utf-8")
    order = [
        *("Half of n.", "**Example**", ">>> half(4)"),
        *("**Arguments**", "`n`\n: an even number."),
        *("**Returns**", "The half: n // 2."),
        *("**Raises**", "`ValueError`\n: if n is odd."),
    ]
    places = [text.index(part) for part in order]
    assert places == sorted(places)


def test_two_names_may_share_a_description(module, tmp_path):
    module(
        'class C:\n    """C.\n\n    Attributes:\n        keys, values: shape (B, K).\n    """\n'
        'def f() -> int:\n    """F.\n\n    Raises:\n        KeyError, OSError: always.\n    """\n'
    )
    api.write_pages(tmp_path, tmp_path / "api", load_catalog(ROOT / "exercises"))
    text = (tmp_path / "api" / "api-demo.md").read_text(encoding="utf-8")
    assert "`keys`, `values`\n: shape (B, K)." in text
    assert "`KeyError`, `OSError`\n: always." in text


def test_a_docstring_that_describes_no_parameter_is_a_mistake(module, tmp_path):
    module('def f(n: int) -> int:\n    """F.\n\n    Args:\n        m: a number.\n    """\n')
    with pytest.raises(api.ApiError, match=r"demo.py:\d+: .*'m'"):
        api.write_pages(tmp_path, tmp_path / "api", load_catalog(ROOT / "exercises"))


def test_the_page_of_a_module_that_is_gone_goes_too(module, tmp_path):
    module('"""Demo: a module."""\n')
    folder = tmp_path / "api"
    folder.mkdir()
    (folder / "api-old.md").touch()
    api.write_pages(tmp_path, folder, load_catalog(ROOT / "exercises"))
    assert {path.name for path in folder.iterdir()} == {"api.md", "api-demo.md"}
