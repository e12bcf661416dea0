"""Pages that describe the student package, from its signatures and docstrings.

The package is read and never imported, and it is the stubs' package: a page cannot show what a
student is to write. Each module becomes a MyST page of its own in the book's api/ folder, each
public name in it a section with the label `api.module.name`.
"""

import json
import logging
import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import griffe

from autograder.catalog import Catalog
from autograder.errors import CourseError

PACKAGE = "langmodels"
# In this order, whatever the order in which an author writes them.
LABELS = {"attributes": "Attributes", "parameters": "Arguments", "returns": "Returns",
          "yields": "Yields", "raises": "Raises"}  # fmt: skip
ARRAY = re.compile(r"""\b([A-Z]\w*)\[(?:Tensor|np\.ndarray), ['"]([^'"]*)['"]\]""")
STARS = (griffe.ParameterKind.var_positional, griffe.ParameterKind.var_keyword)
WIDTH = 76  # of a signature on one line


class ApiError(CourseError):
    """A docstring cannot be rendered; the message names it."""


class Symbol(NamedTuple):
    """A public function, class, method or property, with its name inside the module."""

    name: str
    label: str
    definition: griffe.Object


def load_modules(source: Path) -> dict[str, griffe.Module]:
    """The modules of the package in `source`, by name, but for tests. Nothing is imported."""
    package = griffe.load(
        PACKAGE, search_paths=[source], allow_inspection=False, docstring_parser="google",
        docstring_options={"returns_named_value": False, "returns_multiple_items": False},
    )  # fmt: skip
    assert isinstance(package, griffe.Module)
    modules = sorted(package.modules.items())
    return {name: module for name, module in modules if not name.startswith("test_")}


def symbols(module: griffe.Module) -> list[Symbol]:
    """What the module offers, in its own order; a class is followed by its methods."""
    members = list(_public(module))
    lowered = Counter(name.lower() for name, _ in members)
    return [
        # The engine ignores case, and there may be a function latency beside a class Latency.
        Symbol(name, f"api.{module.name}.{name}{'.class' * is_double}", definition)
        for name, definition in members
        for is_double in [lowered[name.lower()] > 1 and definition.is_class]
    ]


def _public(
    scope: griffe.Module | griffe.Class, prefix: str = ""
) -> Iterator[tuple[str, griffe.Object]]:
    for name, member in scope.members.items():
        if name.startswith("_") or isinstance(member, griffe.Alias) or not member.docstring:
            continue
        if member.is_function or member.is_class or "property" in member.labels:
            yield prefix + name, member
        if isinstance(member, griffe.Class):
            yield from _public(member, f"{name}.")


def labels(source: Path) -> dict[str, str]:
    """The label of each name as prose may write it: `split_heads`, `attention.split_heads`.

    A plain word (`floor`, `prune`) may mean something else in a sentence: it is only there with
    its module before it. So is a name that two modules have.
    """
    short: dict[str, list[str]] = {}
    full: dict[str, str] = {}
    for module in load_modules(source).values():
        for name, label, _ in symbols(module):
            full[f"{module.name}.{name}"] = label
            if re.search(r"[A-Z_]", name):
                short.setdefault(name, []).append(label)
    return full | {name: found[0] for name, found in short.items() if len(found) == 1}


# --- Pages ------------------------------------------------------------------------------------


def write_pages(source: Path, folder: Path, catalog: Catalog) -> None:
    """Write the index and a page for each module of the package in `source`.

    Raises ApiError where a docstring describes what is not there, or cannot be read.
    """
    modules = load_modules(source)
    order = [exercise.module for exercise in catalog.exercises.values()]
    ordered = sorted(modules, key=lambda name: order.index(name) if name in order else len(order))
    folder.mkdir(exist_ok=True)
    with _warnings() as said:
        pages = {
            "api": _index([modules[name] for name in ordered]),
            **{page_name(name): _module(modules[name], catalog) for name in modules},
        }
    if said:
        raise ApiError("the API pages cannot be drawn:\n  " + "\n  ".join(said))
    for path in folder.glob("*.md"):
        if path.stem not in pages:
            path.unlink()
    for name, text in pages.items():
        path = folder / f"{name}.md"
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def page_name(module: str) -> str:
    """The file name, without suffix, of a module's page."""
    return f"api-{module.replace('_', '-')}"


@contextmanager
def _warnings() -> Iterator[list[str]]:
    """What the reader of docstrings says while the context lasts: file, line and what is wrong."""
    said: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("griffe")
    logger.addHandler(handler)
    try:
        yield said
    finally:
        logger.removeHandler(handler)


def _frontmatter(title: str, description: str, short: str = "") -> str:
    fields = {"title": title, "short_title": short or title, "description": description}
    # Nobody edits these pages: their text is in the modules.
    lines = [f"{key}: {json.dumps(text, ensure_ascii=False)}" for key, text in fields.items()]
    return "\n".join(["---", *lines, "edit_url: null", "---"])


def _index(modules: Iterable[griffe.Module]) -> str:
    parts = [
        _frontmatter("The package", "Every function and class of the course's package."),
        f"You build `{PACKAGE}` in this course. Here is all of it: what goes in, what comes out, "
        "and what each part promises. What it says is what the checks hold you to.",
        "(api-shapes)=\n## How to read a shape\n\n"
        "`Float[B × T × D]` is an array of floating-point numbers with three dimensions; in the "
        'source it reads `Float[Tensor, "B T D"]`. The letters are explained at the head of each '
        "page, and the same letter means the same size. `…` stands for any dimensions before the "
        "others, also none, and `B|1` for one that is `B` or broadcasts.",
    ]
    for module in modules:
        title, idea = _title(module)
        parts.append(f"## [{title}](./{page_name(module.name)}.md)")
        parts.append(_text(idea))
        names = [f"[`{s.name}`](#{s.label})" for s in symbols(module) if "." not in s.name]
        parts.append(" · ".join(names))
    return "\n\n".join(parts) + "\n"


def _module(module: griffe.Module, catalog: Catalog) -> str:
    title, idea = _title(module)
    rest = (module.docstring.value if module.docstring else "").partition("\n")[2]
    parts = [
        _frontmatter(f"{PACKAGE}.{module.name}", f"{title}. {idea}", module.name),
        f"**{title}.** {_text(idea)}",
        markdown(rest),
        f":::{{div}}\n:class: api-module\n`from {PACKAGE} import {module.name}` · "
        "[How to read a shape](#api-shapes)\n:::",
    ]
    if aliases := _aliases(module):
        parts.append(f"## Names for types\n\n{_fence(aliases, 'python')}")
    parts += [_section(symbol, catalog) for symbol in symbols(module)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _title(module: griffe.Module) -> tuple[str, str]:
    """From "Attention: every position asks" what it is called, and what it is about."""
    line = module.docstring.value.partition("\n")[0] if module.docstring else ""
    name, _, idea = line.partition(": ")
    if not idea or "." in name:
        name, idea = module.name, line
    return name[0].upper() + name[1:], idea[:1].upper() + idea[1:]


def _aliases(module: griffe.Module) -> str:
    lines = [
        f"{name} = {shapes(str(member.value))}"
        for name, member in module.members.items()
        if isinstance(member, griffe.Attribute) and re.match(r"[A-Z][a-z]", name)
    ]
    return "\n".join(lines)


def _section(symbol: Symbol, catalog: Catalog) -> str:
    name, label, definition = symbol
    parts = [
        f"({label})=\n{'###' if '.' in name else '##'} `{name}`",
        _fence(signature(name, definition), "python"),
        _body(definition),
    ]
    module = label.split(".")[1]
    if exercise := catalog.exercises.get(f"{module}.{name}"):
        chapter = catalog.chapter_of(exercise)
        parts.append(
            f":::{{div}}\n:class: api-exercise\n"
            f"You build this in Chapter {chapter.number}: [{exercise.title}](#{exercise.id})\n:::"
        )
    return "\n\n".join(part for part in parts if part)


# --- Signatures -------------------------------------------------------------------------------


def shapes(annotation: str) -> str:
    """Annotations as a reader says them: `Float[Tensor, "#B T D"]` is `Float[B|1 × T × D]`."""

    def spoken(found: re.Match[str]) -> str:
        axes = (re.sub(r"^(\*?#?\*?)(\w*)$", _axis, axis) for axis in found[2].split())
        return f"{found[1]}[{' × '.join(axes)}]"

    return ARRAY.sub(spoken, annotation)


def _axis(found: re.Match[str]) -> str:
    size = "…" if "*" in found[1] else found[2]
    return f"{size}|1" if "#" in found[1] else size


def signature(name: str, definition: griffe.Object) -> str:
    """How it is called: on one line, or one parameter a line where that is too long."""
    if isinstance(definition, griffe.Class):
        parameters = list(definition.parameters)[1:] if "__init__" in definition.members else []
        written = _parameters(parameters) or _fields(definition)
        start, end = f"class {name}", ""
    elif isinstance(definition, griffe.Attribute):  # a property
        return f"{name} -> {shapes(str(definition.annotation))}"
    else:
        assert isinstance(definition, griffe.Function)
        method = definition.parent is not None and definition.parent.is_class
        written = _parameters(list(definition.parameters)[method:])
        start, end = name, f" -> {shapes(str(definition.returns or 'None'))}"
    if not written and isinstance(definition, griffe.Class):
        return start
    line = f"{start}({', '.join(written)}){end}"
    if len(line) <= WIDTH and "#" not in line:
        return line
    parts = [re.sub(r"(?=  #)|$", ",", part, count=1) for part in written]
    return f"{start}(\n" + "".join(f"    {part}\n" for part in parts) + f"){end}"


def _parameters(parameters: list[griffe.Parameter]) -> list[str]:
    written: list[str] = []
    for parameter in parameters:
        kind = parameter.kind
        stars = "*" * (kind in STARS) + "*" * (kind is griffe.ParameterKind.var_keyword)
        is_first_by_name = not any(part.startswith("*") for part in written)
        if kind is griffe.ParameterKind.keyword_only and is_first_by_name:
            written.append("*")
        text = f"{stars}{parameter.name}"
        if parameter.annotation is not None:
            text += f": {shapes(str(parameter.annotation))}"
        if parameter.default is not None and not stars:
            text += f" = {parameter.default}" if parameter.annotation else f"={parameter.default}"
        written.append(text)
    return written


def _fields(definition: griffe.Class) -> list[str]:
    """What a NamedTuple or a dataclass is made of, with the comments on it."""
    bases = {str(base) for base in definition.bases}
    decorators = {str(decorator.value).partition("(")[0] for decorator in definition.decorators}
    if not ({"NamedTuple"} & bases or {"dataclass"} & decorators):
        return []
    written = []
    for name, member in definition.members.items():
        if isinstance(member, griffe.Attribute) and member.annotation and name[0] != "_":
            value = f" = {member.value}" if member.value is not None else ""
            comment = re.search(r"  # .*", member.source)
            text = f"{name}: {shapes(str(member.annotation))}{value}"
            written.append(text + (comment[0] if comment else ""))
    return written


# --- Docstrings -------------------------------------------------------------------------------


def _body(definition: griffe.Object) -> str:
    """The docstring: its text, its examples, then what goes in, comes out and goes wrong."""
    if definition.docstring is None:
        return ""
    sections = definition.docstring.parsed
    parts = []
    for section in sections:
        if section.kind is griffe.DocstringSectionKind.text:
            parts.append(markdown(section.value))
        elif section.kind is griffe.DocstringSectionKind.admonition:
            parts.append(f"**{section.title}**\n\n{markdown(section.value.description)}")
        elif section.kind.value not in LABELS:
            raise ApiError(f"{definition.path}: no rule for a section of {section.kind.value}")
    for kind, label in LABELS.items():
        items = [_item(item, kind) for s in sections if s.kind.value == kind for item in s.value]
        if items:
            parts.append(f":::{{div}}\n:class: api-part\n**{label}**\n\n{''.join(items)}:::")
    return "\n\n".join(parts)


def _item(item: griffe.DocstringElement, kind: str) -> str:
    text = item.description
    if kind in ("returns", "yields"):
        # A sentence with a colon in it looks like a type and a description.
        if isinstance(item.annotation, str):
            text = f"{item.annotation}: {text}"
        return f"{markdown(text)}\n\n"
    # "keys, values: …" looks like a name and its type, "KeyError, ValueError: …" like a tuple.
    names = f"{getattr(item, 'name', '')}"
    if kind == "raises" or names.endswith(","):
        names = f"{names} {item.annotation}".strip(" ()")
    name = ", ".join(f"`{part}`" for part in names.split(", "))
    return f"{name}\n: {textwrap.indent(markdown(text), '  ').strip()}\n\n"


def markdown(docstring: str) -> str:
    """A docstring's text as MyST: paragraphs, lists, code, formulas, with all else escaped."""
    blocks: list[str] = []
    for kind, lines in _blocks(docstring):
        if kind == "code":
            code = textwrap.dedent("\n".join(lines)).strip("\n")
            blocks.append(_fence(code, "pycon" if code.startswith(">>>") else "text"))
        elif kind == "list":
            blocks.append("\n".join(_bullet(line) for line in lines))
        else:
            blocks.append(_text(" ".join(line.strip() for line in lines)))
    return "\n\n".join(blocks)


def _blocks(docstring: str) -> Iterator[tuple[str, list[str]]]:
    """Paragraphs, lists (an item a line) and code; indentation makes code, as does `>>>`."""
    kind, lines = "", list[str]()
    for line in [*textwrap.dedent(docstring).splitlines(), ""]:
        item = re.match(r"\s*(?:[-*]|\d+\.) ", line)
        if not line.strip():
            is_code = kind == "code" and lines[0].startswith("    ")
            now = kind if is_code else ""  # an indented block may have empty lines in it
        elif kind == "list" and not item and line.startswith(" "):
            lines[-1] += " " + line.strip()
            continue
        elif (
            line.startswith("    ")
            or line.startswith(">>>")
            or (kind == "code" and lines and lines[0].startswith(">>>"))
        ):
            now = "code"
        elif item and (kind in ("", "list") or lines[-1].rstrip().endswith(":")):
            now = "list"
        else:
            now = "text"
        if now != kind:
            if kind:
                yield kind, lines
            kind, lines = now, []
        if now:
            lines.append(line)
    if kind:
        yield kind, lines


def _bullet(line: str) -> str:
    mark, _, text = line.strip().partition(" ")
    return f"{mark} {_text(text.strip())}"


def _text(prose: str) -> str:
    """Prose with `code`, $formulas$ and *emphasis*; what else means something to MyST is plain."""
    pieces = re.split(r"(`+[^`]+`+|\$[^$`]+\$)", prose.strip())
    plain = (re.sub(r"([<{@_~#\\]|^(?:[-+>]|\d+(?=\.)))", r"\\\1", text) for text in pieces[::2])
    code = [*pieces[1::2], ""]
    return "".join(text + kept for text, kept in zip(plain, code, strict=True))


def _fence(code: str, language: str) -> str:
    return f"```{language}\n{code}\n```"
