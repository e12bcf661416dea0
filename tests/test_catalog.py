"""The catalog: mistakes in its files are named with file and line; exercises are found by name."""

import ast
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from autograder.catalog import Catalog, CatalogError, Limits, UnknownExerciseError, load_catalog
from autograder.project import Project

CHAPTER = """[chapter]
number = 1
part = "I"
title = "N-grams"
page = "ngrams"
"""


def entry(id: str, needs: str = "[]", extra: str = "") -> str:
    """An exercise of nine lines: a blank one, the header, then id to needs."""
    return f"""
[[exercise]]
id = "{id}"
title = "Count"
points = 2
minutes = 10
difficulty = 1
hints = ["q"]
needs = {needs}
{extra}"""


Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_file(text: str, folder: str = "01-ngrams") -> Path:
        path = tmp_path / folder / "exercises.toml"
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
        return path

    return write_file


@pytest.fixture
def catalog(write: Write, tmp_path: Path) -> Catalog:
    write(CHAPTER + entry("ngrams.count") + entry("ngrams.add_k", '["ngrams.count"]'))
    second = CHAPTER.replace("number = 1", "number = 2").replace('"ngrams"', '"attention"')
    needs = '["ngrams.add_k"]'
    write(second + entry("attention.softmax") + entry("attention.mask", needs), "02-attention")
    return load_catalog(tmp_path)


def problem(folder: Path) -> str:
    with pytest.raises(CatalogError) as raised:
        load_catalog(folder)
    return str(raised.value)


# Mistakes in a file


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (CHAPTER + entry("a.b").replace("points", "pionts"), 10, "pionts"),
        (CHAPTER + entry("a.a") + entry("a.b").replace("points", "pionts"), 19, "pionts"),
        (CHAPTER + entry("a.b").replace("points = 2", 'points = "two"'), 10, "str"),
        (CHAPTER + entry("a.b").replace('hints = ["q"]', "hints = [1]"), 13, "int"),
        (CHAPTER + entry("a.b").replace("minutes = 10\n", ""), 7, "minutes"),
        (CHAPTER.replace("number = 1", 'number = "one"') + entry("a.b"), 2, "str"),
        (CHAPTER.replace("part", "prat") + entry("a.b"), 3, "prat"),
        (CHAPTER + entry("a.b", extra="[exercise.limits]\nwall = 3"), 16, "wall"),
        (CHAPTER + entry("a.b", extra='[exercise.limits]\nwall_s = "3"'), 16, "str"),
    ],
)
def test_a_typo_or_wrong_type_is_named_with_file_and_line(
    write: Write, tmp_path: Path, text: str, line: int, words: str
) -> None:
    path = write(text)
    found = problem(tmp_path)
    assert found.startswith(f"{path}, line {line}: ")
    assert words in found


def test_a_missing_field_is_named_at_the_header_of_its_exercise(
    write: Write, tmp_path: Path
) -> None:
    text = (CHAPTER + entry("a.a") + entry("a.b")).replace("[[exercise]]", "[[ exercise ]]  # one")
    path = write(text[::-1].replace("01 = setunim\n", "", 1)[::-1])
    assert problem(tmp_path).startswith(f"{path}, line 16: ")


def test_a_toml_syntax_error_is_named_with_file_and_line(write: Write, tmp_path: Path) -> None:
    path = write(CHAPTER + entry("a.b").replace('"Count"', '"Count'))
    assert str(path) in problem(tmp_path)
    assert "line 9" in problem(tmp_path)


def test_a_file_that_is_not_utf8_is_named(write: Write, tmp_path: Path) -> None:
    path = write(CHAPTER)
    path.write_bytes(CHAPTER.encode() + b"# na\xefve\n")
    assert str(path) in problem(tmp_path) and "utf-8" in problem(tmp_path)


def test_a_need_that_does_not_exist_is_named_where_it_stands(write: Write, tmp_path: Path) -> None:
    needs = '["a.nothing"]'
    path = write(CHAPTER + entry("a.a", needs) + entry("a.b", needs))
    assert problem(tmp_path) == f"{path}, line 14: a.a needs a.nothing, which does not exist"


def test_a_need_that_comes_later_is_named_where_it_stands(write: Write, tmp_path: Path) -> None:
    needs = '[\n  "a.b",\n]'
    path = write(CHAPTER + entry("a.a", needs) + entry("a.b"))
    assert problem(tmp_path) == f"{path}, line 15: a.a needs a.b, which comes later"


def test_an_exercise_that_needs_itself_is_refused(write: Write, tmp_path: Path) -> None:
    write(CHAPTER + entry("a.a", '["a.a"]'))
    assert "comes later" in problem(tmp_path)


def test_an_id_that_is_there_twice_is_named_where_it_is_there_again(
    write: Write, tmp_path: Path
) -> None:
    path = write(CHAPTER + entry("a.a") + entry("a.b") + entry("a.a"))
    assert problem(tmp_path) == f"{path}, line 26: a.a is there twice"


def test_an_id_of_another_chapter_is_there_twice(write: Write, tmp_path: Path) -> None:
    write(CHAPTER + entry("a.a"))
    path = write(CHAPTER + entry("a.a"), "02-again")
    assert problem(tmp_path) == f"{path}, line 8: a.a is there twice"


def test_a_folder_without_catalogs_says_so(tmp_path: Path) -> None:
    assert "no */exercises.toml" in problem(tmp_path)


# Reading


def test_id_gives_module_and_symbol_and_limits_have_defaults(catalog: Catalog) -> None:
    exercise = catalog.exercises["ngrams.add_k"]
    assert (exercise.module, exercise.symbol) == ("ngrams", "add_k")
    assert exercise.limits == Limits()
    assert catalog.chapter_of(exercise).folder.name == "01-ngrams"


def test_order_is_that_of_the_course(catalog: Catalog) -> None:
    ids = ["ngrams.count", "ngrams.add_k", "attention.softmax", "attention.mask"]
    assert list(catalog.exercises) == ids


def test_needed_by_is_transitive(catalog: Catalog) -> None:
    mask = catalog.exercises["attention.mask"]
    assert catalog.needed_by(mask) == ["ngrams.add_k", "ngrams.count"]
    assert catalog.needed_by(catalog.exercises["ngrams.count"]) == []


# What is to be built and not called


@pytest.fixture
def forbidding(write: Write, tmp_path: Path) -> Catalog:
    chapter = CHAPTER + 'forbids = ["torch.nn.LSTM"]\n'
    own = 'forbids = ["aten::lstm"]'
    write(chapter + entry("rnn.cell", extra=own) + entry("rnn.layer"))
    second = CHAPTER.replace('"ngrams"', '"attention"')
    write(second + entry("attention.mask"), "02-attention")
    return load_catalog(tmp_path)


def test_what_a_chapter_forbids_each_of_its_exercises_does(forbidding: Catalog) -> None:
    forbids = {id: exercise.forbids for id, exercise in forbidding.exercises.items()}
    assert forbids == {
        "rnn.cell": ["torch.nn.LSTM", "aten::lstm"],
        "rnn.layer": ["torch.nn.LSTM"],
        "attention.mask": [],
    }


def test_every_name_that_the_course_forbids_exists(project: Project) -> None:
    """A misspelt one would be refused to nobody."""
    torch = pytest.importorskip("torch")
    names = {name for chapter in project.catalog.chapters for name in chapter.forbids}
    names |= {name for e in project.catalog.exercises.values() for name in e.forbids}
    for name in sorted(names):
        if "::" in name:
            assert torch._C._jit_get_schemas_for_operator(name), name
        elif name.startswith("torch."):
            assert pkgutil.resolve_name(name) is not None, name


def test_attention_is_forbidden_in_each_exercise_about_it(project: Project) -> None:
    chapter = next(c for c in project.catalog.chapters if c.page == "attention")
    built = [exercise for exercise in chapter.exercises if not exercise.tests_for]
    assert len(built) == 11
    for exercise in built:
        assert {"aten::scaled_dot_product_attention", "torch.nn.MultiheadAttention"} <= {
            *exercise.forbids
        }


def test_every_chapter_says_in_a_few_sentences_what_one_can_do_after_it(project: Project) -> None:
    for chapter in project.catalog.chapters:
        assert 3 <= len(chapter.goals) <= 5
        for goal in chapter.goals:
            assert goal[0].isupper()
            assert goal.endswith(".")
            assert len(goal) < 170


# Tests to be written


def test_tests_need_their_function_and_may_call_what_the_chapter_forbids(
    write: Write, tmp_path: Path
) -> None:
    tests = entry("test_rnn.test_cell", extra='tests_for = "rnn.cell"')
    write(CHAPTER + 'forbids = ["torch.nn.LSTM"]\n' + entry("rnn.cell") + tests)
    exercise = load_catalog(tmp_path).exercises["test_rnn.test_cell"]
    assert (exercise.needs, exercise.forbids) == (["rnn.cell"], [])


@pytest.mark.parametrize(
    ("id", "tests_for", "complaint"),
    [
        ("test_rnn.test_cell", "rnn.gate", "needs rnn.gate, which does not exist"),
        ("test_rnn.cell", "rnn.cell", "functions only that begin with test_"),
        ("test_rnn.test_layer", "rnn.Layer", "for a function only, not for rnn.Layer"),
    ],
)
def test_tests_that_cannot_be_run_are_refused(
    write: Write, tmp_path: Path, id: str, tests_for: str, complaint: str
) -> None:
    tests = entry(id, extra=f'tests_for = "{tests_for}"')
    path = write(CHAPTER + entry("rnn.cell") + entry("rnn.Layer") + tests)
    assert complaint in problem(tmp_path)
    assert str(path) in problem(tmp_path)


# Selecting


@pytest.mark.parametrize("name", ["2", "attention", "02-attention"])
def test_a_chapter_is_selected_by_number_page_and_folder(catalog: Catalog, name: str) -> None:
    assert [e.id for e in catalog.select([name])] == ["attention.softmax", "attention.mask"]


def test_selection_keeps_the_order_of_the_course_without_doubles(catalog: Catalog) -> None:
    chosen = catalog.select(["attention.mask", "1", "ngrams.count", "attention.mask"])
    assert [e.id for e in chosen] == ["ngrams.count", "ngrams.add_k", "attention.mask"]


def test_no_name_selects_all(catalog: Catalog) -> None:
    assert len(catalog.select([])) == 4


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("ngrams.cuont", "did you mean ngrams.count?"),
        ("softmax", "did you mean attention.softmax?"),
        ("sofmax", "did you mean attention.softmax?"),
        ("atention", "did you mean attention?"),
        ("chapter 1", "did you mean 1?"),
        ("ch01", "did you mean 1?"),
        ("chapter 99", "see: course status"),
        ("qqq", "see: course status"),
    ],
)
def test_an_unknown_name_suggests_the_nearest(catalog: Catalog, name: str, advice: str) -> None:
    with pytest.raises(UnknownExerciseError) as raised:
        catalog.select([name])
    assert str(raised.value) == f"there is no exercise or chapter called '{name}'; {advice}"


# What a solution builds on


class Uses(ast.NodeVisitor):
    """The names that run when a definition does: no annotations."""

    def __init__(self) -> None:
        self.names: set[tuple[str, str]] = set()

    def visit_arguments(self, node: ast.arguments) -> None:
        for default in [*node.defaults, *filter(None, node.kw_defaults)]:
            self.visit(default)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        for part in [*node.decorator_list, node.args, *node.body]:
            self.visit(part)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value:
            self.visit(node.value)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if isinstance(node.value, ast.Name):
            self.names.add((node.value.id, node.attr))
        self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        self.names.add((node.id, ""))


class Module(NamedTuple):
    definitions: dict[str, ast.stmt]
    imports: dict[str, tuple[str, str]]  # name → (module, "" or what of it)


def read_module(path: Path) -> Module:
    tree = ast.parse(path.read_text("utf-8"))
    found = Module({}, {})
    for definition in tree.body:
        if isinstance(definition, ast.FunctionDef | ast.ClassDef):
            found.definitions[definition.name] = definition
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("langmodels"):
            top = (node.module or "").partition(".")[2]
            for alias in node.names:
                place = (top, alias.name) if top else (alias.name, "")
                found.imports[alias.asname or alias.name] = place
    return found


def test_a_solution_uses_no_other_exercise_than_those_that_it_needs(project: Project) -> None:
    """What it needs comes from the reference when it is graded; of other exercises in the same
    modules there are only stubs then, and a right answer that calls one earns nothing.
    """
    catalog = project.catalog
    modules = {p.stem: read_module(p) for p in (project.root / "solutions/langmodels").glob("*.py")}

    def used_by(module: str, symbol: str) -> Iterator[tuple[str, str]]:
        uses, (definitions, imports) = Uses(), modules[module]
        if symbol in definitions:
            uses.visit(definitions[symbol])
        for name, attribute in uses.names:
            if name in definitions and name != symbol:
                yield module, name
            elif name in imports:
                yield imports[name][0], imports[name][1] or attribute

    missing = {}
    for exercise in catalog.exercises.values():
        waiting = [(exercise.module, exercise.symbol)]
        seen: set[tuple[str, str]] = set()
        others: set[str] = set()
        while waiting:
            place = waiting.pop()
            if place not in seen and place[0] in modules:
                seen.add(place)
                others |= {".".join(place)} & set(catalog.exercises)
                if ".".join(place) not in others - {exercise.id}:
                    waiting += used_by(*place)
        if lacking := others - {exercise.id, *catalog.needed_by(exercise)}:
            missing[exercise.id] = sorted(lacking)
    assert missing == {}
