"""Stubs from the reference: `solutions/` is the one source, `src/` is made from it.

Between `# BEGIN SOLUTION` and `# END SOLUTION` stands what a student has to find. Inside a
function the lines between become `raise NotImplementedError("module.symbol")`; outside, where a
helper of the solution stands, they go away. Everything else stays as it is.
"""

import ast
import os
import re
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from autograder.errors import CourseError

BEGIN, END = "# BEGIN SOLUTION", "# END SOLUTION"


class SyncError(CourseError):
    """The markers or the interfaces do not fit; the message names file and line."""


@cache  # grading renders the same few modules for one exercise after the other
def regions(source: str, path: str = "") -> list[tuple[int, int, str, bool]]:
    """Each marked region: (line of BEGIN, line of END, top-level symbol, is it in a function).

    Lines count from 1. Raises SyncError where a marker has no partner or stands outside, or where
    the source is no Python.
    """
    return list(_regions(source, path))


def _regions(source: str, path: str) -> Iterator[tuple[int, int, str, bool]]:
    lines = source.splitlines()
    try:
        definitions = list(_definitions(ast.parse(source)))
    except SyntaxError as error:
        raise SyncError(f"{path}, line {error.lineno}: no Python: {error.msg}") from None
    begin = 0
    for number, line in enumerate(lines, start=1):
        if line.strip() == BEGIN and not begin:
            begin = number
        elif line.strip() == END and begin:
            # The region belongs to the innermost definition that begins before it and holds
            # its first statement.
            holding = [d for d in definitions if d[0] < begin < d[1]]
            if not holding:
                raise SyncError(f"{path}, line {begin}: this region belongs to no definition")
            _, _, symbol, in_function = max(holding)
            yield begin, number, symbol, in_function
            begin = 0
        elif line.strip() in (BEGIN, END):
            raise SyncError(f"{path}, line {number}: {line.strip()} without its partner")
    if begin:
        raise SyncError(f"{path}, line {begin}: {BEGIN} without its partner")


def _definitions(
    node: ast.AST, top: str = "", in_function: bool = False
) -> Iterator[tuple[int, int, str, bool]]:
    """Functions and classes: first line, last line, the top-level symbol, is it in a function."""
    for child in ast.iter_child_nodes(node):
        symbol, inside = top, in_function
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            symbol = top or child.name
            inside = in_function or not isinstance(child, ast.ClassDef)
            yield child.lineno, child.end_lineno or child.lineno, symbol, inside
        yield from _definitions(child, symbol, inside)


def render(source: str, module: str, keep: Collection[str] = (), path: str = "") -> str:
    """The reference's source with the solutions taken out, but for those of the ids in `keep`."""
    lines = source.splitlines()
    for begin, end, symbol, in_function in reversed(regions(source, path)):
        id = f"{module}.{symbol}"
        if id in keep:
            replacement = lines[begin : end - 1]
        elif in_function:
            indent = lines[begin - 1][: -len(BEGIN)]
            replacement = [f'{indent}raise NotImplementedError("{id}")']
        else:
            replacement = []
        blank = begin > 1 and in_function and not lines[begin - 2]
        lines[begin - 1 - blank : end] = replacement
    return re.sub(r"\n{4,}", "\n\n\n", "\n".join(lines)).rstrip() + "\n"


def interface(source: str) -> dict[str, str]:
    """Every public function, class and method of a module, with its signature and docstring."""
    found: dict[str, str] = {}

    def collect(body: list[ast.stmt], prefix: str) -> None:
        for node in body:
            if not isinstance(node, ast.FunctionDef | ast.ClassDef):
                continue
            if node.name.startswith("_") and not node.name.startswith("__"):
                continue
            doc = ast.get_docstring(node) or ""
            if isinstance(node, ast.ClassDef):
                bases = ", ".join(ast.unparse(base) for base in node.bases)
                found[prefix + node.name] = f"class({bases})\n{doc}"
                collect(node.body, f"{prefix}{node.name}.")
            else:
                returns = ast.unparse(node.returns) if node.returns else ""
                found[prefix + node.name] = f"({ast.unparse(node.args)}) -> {returns}\n{doc}"

    collect(ast.parse(source).body, "")
    return found


def stubs(root: Path) -> dict[Path, str]:
    """What src/langmodels should hold: path → text, for every module of the reference."""
    reference = root / "solutions" / "langmodels"
    result: dict[Path, str] = {}
    for path in sorted(reference.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        name = path.relative_to(reference)
        module = ".".join(name.with_suffix("").parts)
        text = render(source, module, path=str(path.relative_to(root)))
        forms = interface(text)
        for symbol, form in interface(source).items():
            if forms.get(symbol) != form:
                raise SyncError(f"{path.relative_to(root)}: the stub of {symbol} changes its form")
        result[root / "src" / "langmodels" / name] = text
    return result


def differences(root: Path) -> list[str]:
    """One sentence for each file of src/ that is not what `sync` would write."""
    wanted = stubs(root)
    there = set((root / "src" / "langmodels").rglob("*.py"))
    messages = [
        f"{path.relative_to(root)} {'is out of date' if path in there else 'is missing'}"
        for path, text in wanted.items()
        if path not in there or path.read_text(encoding="utf-8") != text
    ]
    extra = sorted(there - set(wanted))
    return messages + [f"{path.relative_to(root)} is not in solutions/" for path in extra]


def sync(root: Path) -> list[Path]:
    """Write src/ from solutions/; the paths that changed."""
    changed = []
    for path, text in stubs(root).items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            write_text(path, text)
            changed.append(path)
    return changed


def write_text(path: Path, text: str) -> None:
    """Write a text as write_bytes does."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole or not at all. Raises OSError, which names `path`."""
    with naming(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            mode = path.stat().st_mode if path.exists() else 0o644
            Path(temporary).chmod(mode)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """An OSError names the file that a person knows: a full disk, for one, names none."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None
