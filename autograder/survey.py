"""What can be said of a module without running it: whether it can be read, what is not written
yet, and where it names what the exercise asks to build.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence

import msgspec


class Survey(msgspec.Struct):
    """One module of a package.

    Attributes:
        problem: one sentence that says why the file is no Python source, or "".
        unwritten: exercise id → the first line that still raises NotImplementedError of it.
        ready_made: exercise id → "line N: name" for each use of a name that it forbids.
    """

    problem: str = ""
    unwritten: dict[str, int] = {}
    ready_made: dict[str, list[str]] = {}


def survey(source: bytes, module: str, forbids: Mapping[str, Sequence[str]] = {}) -> Survey:
    """Read a module's source; `forbids` is exercise id → dotted names (torch.nn.LSTM)."""
    name = f"{module}.py"
    try:
        tree = ast.parse(source.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = source[: error.start].count(b"\n") + 1
        return Survey(f"{name}, line {line}: not UTF-8 text; save the file as UTF-8")
    except SyntaxError as error:
        code = f": {error.text.strip()[:200]}" if error.text and error.text.strip() else ""
        return Survey(f"{name}, line {error.lineno or 1}: syntax error, {error.msg}{code}")
    except (ValueError, RecursionError, MemoryError) as error:
        return Survey(f"{name} cannot be parsed: {str(error) or 'it is nested too deep'}")
    found = Survey()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            id = f"{module}.{node.name}"
            found.unwritten.pop(id, None)  # of two with one name the later counts
            lines = [line for n in _reachable(node) if (line := _line_of_stub(n, id))]
            if lines:
                found.unwritten[id] = min(lines)
    names = sorted(_dotted_names(tree)) if any(forbids.values()) else []
    owners = {id.partition(".")[2] for id in forbids}
    for id, forbidden in forbids.items():
        # What stands in another exercise is held against that one; a helper's use against all.
        others = owners - {id.partition(".")[2]}
        uses = [
            f"line {line}: {used}"
            for line, used in names
            if used in forbidden and _definition(tree, line) not in others
        ]
        if uses:
            found.ready_made[id] = uses
    return found


def _definition(tree: ast.Module, line: int) -> str:
    """The function or class at the top of the module that the line belongs to, or ""."""
    definitions = (n for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef))
    around = (n.name for n in definitions if n.lineno <= line <= (n.end_lineno or 0))
    return next(around, "")


def _reachable(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes below this one, without what somebody has left behind a return."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        for _, field in ast.iter_fields(node):
            below = field if isinstance(field, list) else [field]
            ends = (n for n, child in enumerate(below, 1) if isinstance(child, ast.Return))
            waiting += [n for n in below[: next(ends, None)] if isinstance(n, ast.AST)]


def _line_of_stub(node: ast.AST, id: str) -> int:
    """The line of `raise NotImplementedError("id")`, 0 for any other node."""
    match node:
        case ast.Raise(
            exc=ast.Call(func=ast.Name(id="NotImplementedError"), args=[ast.Constant(value=text)])
        ) if text == id:
            return node.lineno
    return 0


def _dotted_names(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, full name) of every name and attribute, with imports and their aliases resolved."""
    known: dict[str, str] = {}
    stars: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                known[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                known[alias.asname or alias.name] = f"{node.module}.{alias.name}"
            stars += [node.module for alias in node.names if alias.name == "*"]
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute | ast.Name):
            continue
        if name := _full_name(node, known):
            yield node.lineno, name
        elif isinstance(node, ast.Name):  # it may come from any of them
            yield from ((node.lineno, f"{module}.{node.id}") for module in stars)


def _full_name(node: ast.expr, known: Mapping[str, str]) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name) or node.id not in known:
        return ""
    return ".".join([known[node.id], *reversed(parts)])
