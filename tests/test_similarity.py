"""Copies come first, right answers of one's own do not, and nobody's text breaks the page."""

import ast
import html
import json
import random
import re
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest

from autograder.library import load_alternatives
from autograder.reports.similarity import to_data, write_similarity
from autograder.similarity import (
    SimilarityError,
    Work,
    compare,
    known_to_all,
    pieces_of,
    read,
)

COURSE = str(Path(sys.executable).with_name("course"))


def work(name: str, **modules: str) -> Work:
    files = {f"{module}.py": source.encode() for module, source in modules.items()}
    return Work(name, list(pieces_of(files)))


def function(name: str, seed: int, n_lines: int = 12) -> str:
    """A function that nobody else writes."""
    draw = random.Random(seed)
    lines = [f"def {name}(x, y):"]
    for line in range(n_lines):
        method, other = (draw.choice(["sum", "max", "min", "mean", "std", "var"]) for _ in "ab")
        lines.append(f"    v{line} = x.{method}({draw.randrange(99)}) + y.{other}() * {line}")
    return "\n".join([*lines, f"    return v{n_lines - 1}"]) + "\n"


class Renamed(ast.NodeTransformer):
    """Another name for everything that a function sets."""

    def __init__(self, tree: ast.Module) -> None:
        names = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and is_set(n)}
        self.names = {name: f"other_{n}" for n, name in enumerate(sorted(names))}

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(self.names.get(node.id, node.id), node.ctx)


def is_set(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Store)


def disguised(source: str, seed: int = 0) -> str:
    """The same with other names, another order, another layout, and without comments."""
    tree = ast.parse(source)
    tree = ast.fix_missing_locations(Renamed(tree).visit(tree))
    kinds = (ast.FunctionDef, ast.ClassDef)
    definitions = [node for node in tree.body if isinstance(node, kinds)]
    rest = [node for node in tree.body if not isinstance(node, kinds)]
    random.Random(seed).shuffle(definitions)
    return ast.unparse(ast.Module([*rest, *definitions], []))


@pytest.fixture(scope="module")
def independent(project) -> list[dict[str, str]]:
    """Three packages of right solutions, each exercise written differently in each."""
    packages: list[dict[str, str]] = [{}, {}, {}]
    for exercise in project.catalog.exercises.values():
        for package, right in zip(
            packages, load_alternatives(project.root, exercise)[:3], strict=False
        ):
            source = package.get(exercise.module, "") + "\n\n" + right.path.read_text("utf-8")
            package[exercise.module] = source
    return packages


@pytest.fixture(scope="module")
def stubs(project) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes() for path in (project.root / "src" / "langmodels").glob("*.py")
    }


def test_a_renamed_and_reordered_copy_stands_far_above_independent_right_solutions(
    independent, stubs
):
    works = [work(f"own-{n}", **package) for n, package in enumerate(independent)]
    copy = {module: disguised(source) for module, source in independent[0].items()}
    works += [work("copy", **copy), *(work(f"empty-{n}") for n in range(4))]
    found = compare(works, pieces_of(stubs, window=1), threshold=0)
    first, *others = found.pairs
    assert [found.names[member] for member in first.members] == ["own-0", "copy"]
    assert min(first.shares) > 0.75
    assert first.evidence > 20 * others[0].evidence
    of_others = [max(pair.shares) for pair in others if not {0, 3} & {*pair.members}]
    assert max(of_others) < 0.1


def test_one_copied_function_is_found_where_all_else_is_ones_own(independent, stubs):
    name = "efficient_attention"
    mixed = dict(independent[1])
    mixed[name] += disguised(
        next(
            ast.unparse(node)
            for node in ast.parse(independent[0][name]).body
            if getattr(node, "name", "") == "lsh_attention"
        )
    )
    works = [work(f"own-{n}", **package) for n, package in enumerate(independent)]
    works[1] = work("mixed", **mixed)
    found = compare(works, pieces_of(stubs, window=1))
    first = found.pairs[0]
    assert [found.names[member] for member in first.members] == ["own-0", "mixed"]
    assert first.matches[0].where == (f"{name}.lsh_attention",) * 2


def test_what_students_are_given_and_what_the_course_knows_counts_nothing(project, stubs, complete):
    given = Work("stubs", list(pieces_of(stubs)))
    solved = work("complete", ngrams=complete)
    exercises = project.catalog.exercises.values()
    ways = [load_alternatives(project.root, exercise)[0].path for exercise in exercises]
    library = Work("ways", list(pieces_of({path.name: path.read_bytes() for path in ways})))
    works = [given, given, solved, solved, library, library]
    assert compare(works, known_to_all(project)).pairs == []
    solved_by_two = compare(works, pieces_of(stubs, window=1)).pairs
    assert {pair.members for pair in solved_by_two} == {(2, 3), (4, 5)}


def test_what_many_have_counts_less_the_more_they_are():
    everybody, three = function("everybody", 0), function("three", 1)
    works = []
    for n in range(10):
        source = everybody + function("own", 100 + n)
        source += three if n < 3 else ""
        source += function("two", 2) if n in (0, 1) else ""
        works.append(work(str(n), module=source))
    found = compare(works, [], threshold=0.01)
    evidence = {pair.members: pair.evidence for pair in found.pairs}
    assert set(evidence) == {(0, 1), (0, 2), (1, 2)}
    assert evidence[0, 1] > 2 * evidence[0, 2] > 0
    places = {match.where[0]: match.evidence for match in found.pairs[0].matches}
    assert set(places) == {"module.two", "module.three"}
    assert places["module.two"] > places["module.three"]


def test_few_lines_prove_nothing():
    short = "def causal_mask(n):\n    return torch.ones(n, n).tril().bool()\n"
    assert compare([work("a", attention=short), work("b", attention=short)], []).pairs == []


def test_what_does_not_parse_is_compared_too():
    source = function("f", 0)
    broken = "def before(:\n    '''" + "\n" + "x = ((('\n" + source.replace("v3", "w")
    works = [work("whole", m=source), work("broken", m="'''\n" + broken + "\nclass")]
    (pair,) = compare(works, []).pairs
    assert pair.matches[0].where == ("m.f", "m.f")


def test_the_same_rare_comment_is_evidence_and_a_usual_one_is_not():
    rare = "# the wombat of normalisation eats the last axis first\n"
    works = [work(str(n), m=rare * (n < 2) + "# compute the mean\nx = 1\n") for n in range(5)]
    (pair,) = compare(works, [], threshold=0.5).pairs
    assert pair.members == (0, 1)
    (match,) = pair.matches
    passages = [match.texts[0][start:end] for start, end, _ in match.spans[0]]
    assert passages == [rare.strip()]


def test_marked_passages_say_the_same_on_both_sides():
    shared = function("f", 0, 30)
    lines = shared.splitlines(keepends=True)
    ones_own = [f"    while x > {n}:\n        x, y = y, x - y\n" for n in range(6)]
    changed = "".join([*lines[:12], *ones_own, *lines[12:]])
    (pair,) = compare([work("a", m=shared), work("b", m=changed)], []).pairs
    (match,) = pair.matches
    left, right = match.spans
    assert len(right) == 2  # before and after what is the second one's own
    for start, end, _ in right:
        assert match.texts[1][start:end] in shared
    start, end = left[0][0], left[-1][1]
    assert end - start > 0.9 * len(shared)
    assert {number for *_, number in right} <= {number for *_, number in left}


def notebook(*cells: str) -> bytes:
    return json.dumps(
        {"cells": [{"cell_type": "code", "metadata": {}, "source": cell} for cell in cells]}
    ).encode()


def test_cells_are_compared_whatever_their_order_and_neighbours(tmp_path):
    shared, outputs = function("f", 0), "![picture]"
    first = notebook("import torch", shared, function("own", 1))
    second = notebook(function("other", 2), disguised(shared), outputs)
    for name, content in {"anna": first, "ben": second}.items():
        path = tmp_path / name / "exercises" / "01-ngrams" / "ngrams.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
    (pair,) = compare([read(tmp_path / "anna"), read(tmp_path / "ben")], []).pairs
    assert pair.matches[0].where == ("ngrams.ipynb, cell 2", "ngrams.ipynb, cell 2")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"cells": [' * 50_000,
        b'{"cells": 3}',
        b'{"cells": [{"cell_type": "code", "source": [3]}]}',
        b'{"cells": [{"cell_type": "code", "source": "\\ud800 \\u0000"}]}',
    ],
)
def test_a_broken_notebook_does_no_harm(content):
    source = function("f", 0)
    broken = Work("b", list(pieces_of({"n.ipynb": content, "m.py": source.encode()})))
    (pair,) = compare([work("a", m=source), broken], []).pairs
    assert pair.matches[0].where == ("m.f", "m.f")


@pytest.mark.parametrize(
    "content",
    ["@x\n" * 300_000, '"' * 900_000, "\\" * 900_000, function("f", 0) * 1500],
    ids=["decorators", "quotes", "backslashes", "one function many times"],
)
def test_a_text_made_to_be_slow_is_read_once(content):
    """What takes quadratic time takes hours with these."""
    works = [Work(name, list(pieces_of({"m.py": content.encode()}))) for name in "ab"]
    assert len(compare(works, []).pairs) <= 1


HOSTILE = "</mark></pre><script>alert(1)</script>\x1b[31m\u202e"


def test_neither_names_nor_texts_reach_a_page_unescaped(tmp_path):
    source = f"# {HOSTILE} and some more words\n" + function("f", 0)
    source += f"s = '''{HOSTILE}'''\n"
    files = {f"{HOSTILE}.ipynb": notebook(source)}
    names = [f"{HOSTILE} {n}" for n in "ab"]
    found = compare([Work(name, list(pieces_of(files))) for name in names], [])
    found.unread = [(HOSTILE, HOSTILE)]
    write_similarity(found, tmp_path)
    pages = sorted(tmp_path.glob("*.html"))
    assert [page.name for page in pages] == ["index.html", "pair-001.html"]
    for page in pages:
        text = page.read_text("utf-8")
        assert "<script" not in text
        assert not {"\x1b", "\u202e"} & {*text}
        assert "alert(1)" in text
        assert "No verdict." in text or "This is no verdict." in text
    shown = "".join(re.findall("<mark>(.*?)</mark>", pages[1].read_text("utf-8"), re.DOTALL))
    assert "</mark>" in html.unescape(shown)
    json.dumps(to_data(found))


def test_pages_of_an_earlier_run_do_not_stay(tmp_path):
    source = function("f", 0)
    works = [work(name, m=source) for name in "ab"]
    write_similarity(compare(works, []), tmp_path)
    assert (tmp_path / "pair-001.html").exists()
    write_similarity(compare([works[0], work("c", m=function("g", 1))], []), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]


def test_only_pairs_that_are_listed_are_compared_as_texts(monkeypatch):
    from autograder import similarity

    looked_at = []
    closely = similarity._pair
    monkeypatch.setattr(
        similarity, "_pair", lambda *args: looked_at.append(args[:2]) or closely(*args)
    )
    works = [
        work(str(n), m=function("own", n) + function("shared", 1000 + n // 2)) for n in range(60)
    ]
    found = compare(works, [])
    assert {pair.members for pair in found.pairs} == {(n, n + 1) for n in range(0, 60, 2)}
    assert len(looked_at) == 30 < len([*combinations(works, 2)])


def test_one_submission_cannot_be_compared():
    with pytest.raises(SimilarityError, match="two submissions"):
        compare([work("a", m="x = 1")], [])


@pytest.mark.slow
def test_the_command_lists_pairs_and_what_it_could_not_read(project, tmp_path):
    source = function("count_ngrams", 0, 40)
    for name, text in {"anna": source, "王 <b>": disguised(source)}.items():
        path = tmp_path / "in" / name / "langmodels" / "ngrams.py"
        path.parent.mkdir(parents=True)
        path.write_text(text, "utf-8")
    (tmp_path / "in" / "empty").mkdir()
    (tmp_path / "in" / "broken.zip").write_bytes(b"PK\x05\x06")
    command = [COURSE, "similarity", str(tmp_path / "in"), "--out", str(tmp_path / "out")]
    done = subprocess.run([*command, "--json"], cwd=project.root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    (pair,) = data["pairs"]
    assert pair["submissions"] == ["anna", "王 <b>"]
    assert pair["places"][0]["where"] == ["ngrams.count_ngrams"] * 2
    assert {entry["name"] for entry in data["not_compared"]} == {"broken.zip", "empty"}
    assert (tmp_path / "out" / pair["page"]).exists()
    assert "verdict" in data["note"]
    (tmp_path / "in" / "\x1b[31mred").mkdir()
    (tmp_path / "in" / "\x1b[2J.rar").touch()
    done = subprocess.run(command, cwd=project.root, capture_output=True, text=True)
    assert r"not compared: \x1b[31mred: " in done.stdout
    assert r"left out: \x1b[2J.rar" in done.stderr
    assert "\x1b" not in done.stdout + done.stderr
