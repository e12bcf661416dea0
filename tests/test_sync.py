"""The stubs are the reference without its solutions, and nothing else changes."""

import ast
import shutil
import textwrap

import pytest

from autograder.sync import SyncError, differences, interface, regions, render, stubs, sync

SOURCE = textwrap.dedent('''\
    """A module."""

    import math


    def area(radius: float) -> float:
        """The area of a circle."""

        # BEGIN SOLUTION
        def square(x):
            return x * x

        return math.pi * square(radius)
        # END SOLUTION


    def kept() -> int:
        return 1


    class Shape:
        """Has sides."""

        def sides(self) -> int:
            """How many."""
            # BEGIN SOLUTION
            return self._count()
            # END SOLUTION

        # BEGIN SOLUTION
        def _count(self) -> int:
            return 3

        # END SOLUTION
    ''')


def test_a_solution_in_a_function_becomes_one_raise_with_the_id():
    text = render(SOURCE, "shapes")
    area = next(n for n in ast.parse(text).body if getattr(n, "name", "") == "area")
    assert ast.unparse(area.body[1]) == "raise NotImplementedError('shapes.area')"
    assert len(area.body) == 2


def test_a_solution_beside_functions_goes_away():
    text = render(SOURCE, "shapes")
    assert "_count" not in text
    assert 'raise NotImplementedError("shapes.Shape")' in text


def test_what_is_outside_the_markers_stays_as_it_is():
    text = render(SOURCE, "shapes")
    assert "def kept() -> int:\n    return 1\n" in text
    assert interface(text) == interface(SOURCE)


def test_kept_ids_keep_their_solution_and_lose_the_markers():
    text = render(SOURCE, "shapes", keep=["shapes.area"])
    assert "math.pi * square(radius)" in text
    assert "SOLUTION" not in text
    assert "return self._count()" not in text


def test_no_solution_line_reaches_a_stub(project):
    for path, text in stubs(project.root).items():
        name = path.relative_to(project.package)
        source = (project.root / "solutions" / name).read_text(encoding="utf-8")
        inside = {n for begin, end, _, _ in regions(source) for n in range(begin, end - 1)}
        lines = [line.strip() for line in source.splitlines()]
        outside = {line for n, line in enumerate(lines) if n not in inside}
        secret = {lines[n] for n in inside if len(lines[n]) > 12} - outside
        assert not secret & {line.strip() for line in text.splitlines()}


@pytest.mark.parametrize(
    "source, message",
    [
        ("def f():\n    # BEGIN SOLUTION\n    return 1\n", "line 2: # BEGIN SOLUTION without"),
        ("def f():\n    return 1\n    # END SOLUTION\n", "line 3: # END SOLUTION without"),
        ("# BEGIN SOLUTION\nx = 1\n# END SOLUTION\n", "line 1: this region belongs to no"),
        ("def f(:\n", "line 1: no Python: invalid syntax"),
    ],
)
def test_what_no_stub_can_be_made_of_is_named_with_its_line(source, message):
    with pytest.raises(SyncError, match=message):
        render(source, "m", path="m.py")


def test_a_region_is_found_wherever_its_definition_stands():
    lines = "if True:\n    class A:\n        def f(self):\n{0}BEGIN{1}{0}return 1\n{0}END{1}"
    source = lines.format(" " * 12, " SOLUTION\n").replace("BEGIN", "# BEGIN")
    source = source.replace("END", "# END")
    assert regions(source) == [(4, 6, "A", True)]


def test_src_is_what_sync_would_write(project):
    assert differences(project.root) == []


def test_sync_mends_whatever_differs(project, tmp_path):
    shutil.copytree(project.root / "solutions", tmp_path / "solutions")
    shutil.copytree(project.root / "src", tmp_path / "src")
    module = tmp_path / "src/langmodels/ngrams.py"
    module.write_text(
        module.read_text("utf-8").replace("raise NotImpl", "return NotImpl", 1), "utf-8"
    )
    (tmp_path / "src/langmodels/extra.py").write_text("x = 1\n")
    assert differences(tmp_path) == [
        "src/langmodels/ngrams.py is out of date",
        "src/langmodels/extra.py is not in solutions/",
    ]
    assert sync(tmp_path) == [module]
    assert differences(tmp_path) == ["src/langmodels/extra.py is not in solutions/"]
