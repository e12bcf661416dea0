#!/usr/bin/env python3
"""The book's own directives, drawn from the catalog.

    ```{exercise-card} ngrams.count_ngrams       ```{exercise-list} ngrams
    ```                                          ```

A card says what to build, what it is worth and what it needs, gives the command to copy, and
folds the hints away; a list is the table of a chapter's exercises, by the name of its page.

The book engine runs this file as a program: without arguments it prints what it offers, with
`--directive NAME` it reads the call as JSON and prints syntax nodes as JSON.

Anchors. The label of a card is the exercise's id: `[](#ngrams.count_ngrams)` links to it from any
page, with the card's title as text. The engine ignores case, and in the HTML address it turns all
that is not a letter or a digit into a hyphen: `/ngrams/#ngrams-count-ngrams`.

Editions. With COURSE_EDITION=self-study the reference solution is folded in under each card;
otherwise (class) no solution is read at all.

Classes that the theme may style: exercise-card, exercise-stretch, exercise-meta, exercise-id,
exercise-points, exercise-minutes, exercise-difficulty, exercise-needs, exercise-source,
exercise-command, hint-ladder, hint, exercise-solution, exercise-list, exercise-total.
"""

import ast
import json
import os
import re
import sys
import textwrap
from pathlib import Path
from typing import Any

from autograder.catalog import (
    Catalog,
    CatalogError,
    Chapter,
    Exercise,
    UnknownExerciseError,
    load_catalog,
)

Node = dict[str, Any]

ROOT = Path(__file__).resolve().parents[1]
STEPS = ("A question", "A hint", "Pseudocode")

SPECIFICATION = {
    "name": "The course's exercises",
    "directives": [
        {
            "name": "exercise-card",
            "doc": "What one exercise asks, with its command and its hints.",
            "arg": {"type": "string", "required": True, "doc": "The id: module.symbol"},
        },
        {
            "name": "exercise-list",
            "doc": "The exercises of a chapter as a table.",
            "arg": {"type": "string", "required": True, "doc": "The chapter's page"},
        },
    ],
}


class PluginError(Exception):
    """A directive asks for something that is not there; the message says what to write."""


# --- Directives -------------------------------------------------------------------------------


def exercise_card(name: str, catalog: Catalog, book: Path, edition: str = "class") -> list[Node]:
    """The card of one exercise, and its folded solution in the self-study edition."""
    exercise = _exercise(name, catalog)
    card = {
        "type": "exercise",
        "class": "exercise-card exercise-stretch" if exercise.stretch else "exercise-card",
        "label": exercise.id,
        "identifier": exercise.id.lower(),
        "enumerated": False,
        "children": [
            _parent("admonitionTitle", _text(exercise.title)),
            _meta(exercise),
            *_needs(exercise, catalog, book),
            _source(exercise, book),
            {
                "type": "code",
                "lang": "bash",
                "class": "exercise-command",
                "value": f"course check {exercise.id}",
            },
            _hint_ladder(exercise.hints),
        ],
    }
    return [card, _solution(exercise)] if edition == "self-study" else [card]


def exercise_list(page: str, catalog: Catalog, book: Path) -> list[Node]:
    """The exercises of the chapter on this page, and what they come to."""
    chapter = _chapter(page, catalog)
    header = [_cell(_text(word), header=True) for word in ("Exercise", "Points", "Minutes")]
    header.append(_cell(_text("Difficulty"), header=True))
    rows = [_parent("tableRow", *header)]
    for exercise in chapter.exercises:
        cells = [
            _link(exercise, book),
            _text(f"{exercise.points:g}{' bonus' if exercise.stretch else ''}"),
            _text(str(exercise.minutes)),
            _text(f"{exercise.difficulty} of 5"),
        ]
        rows.append(_parent("tableRow", *map(_cell, cells)))
    return [
        {"type": "table", "class": "exercise-list", "children": rows},
        _parent("paragraph", _text(_total(chapter)), name="exercise-total"),
    ]


def _exercise(name: str, catalog: Catalog) -> Exercise:
    if name in catalog.exercises:
        return catalog.exercises[name]
    try:
        catalog.select([name])
    except UnknownExerciseError as error:
        raise PluginError(f"exercise-card: {error}") from None
    raise PluginError(f"exercise-card: {name} is a chapter; write {{exercise-list}} {name}")


def _chapter(page: str, catalog: Catalog) -> Chapter:
    pages = {chapter.page: chapter for chapter in catalog.chapters}
    if page not in pages:
        known = ", ".join(pages)
        raise PluginError(f"exercise-list: no chapter has the page {page!r}; there is {known}")
    return pages[page]


# --- The parts of a card ----------------------------------------------------------------------


def _meta(exercise: Exercise) -> Node:
    parts = [
        _parent("span", {"type": "inlineCode", "value": exercise.id}, name="exercise-id"),
        _parent("span", _text(_points(exercise)), name="exercise-points"),
        _parent("span", _text(f"{exercise.minutes} minutes"), name="exercise-minutes"),
        _parent(
            "span", _text(f"difficulty {exercise.difficulty} of 5"), name="exercise-difficulty"
        ),
    ]
    return _parent("paragraph", *_between(parts, " "), name="exercise-meta")


def _points(exercise: Exercise) -> str:
    kind = "bonus point" if exercise.stretch else "point"
    return f"{exercise.points:g} {kind}{'' if exercise.points == 1 else 's'}"


def _total(chapter: Chapter) -> str:
    core = sum(exercise.points for exercise in chapter.exercises if not exercise.stretch)
    bonus = sum(exercise.points for exercise in chapter.exercises if exercise.stretch)
    minutes = sum(exercise.minutes for exercise in chapter.exercises)
    points = f"{core:g} points" + (f" and {bonus:g} bonus points" if bonus else "")
    # The estimates do not hold more than half hours.
    time = f"{round(minutes / 30) / 2:g} hours" if minutes >= 90 else f"{minutes} minutes"
    return f"Together {points}, about {time}."


def _needs(exercise: Exercise, catalog: Catalog, book: Path) -> list[Node]:
    if not exercise.needs:
        return []
    links = [_link(catalog.exercises[need], book) for need in exercise.needs]
    children = [_text("Builds on "), *_between(links, ", "), _text(".")]
    return [_parent("paragraph", *children, name="exercise-needs")]


def _link(exercise: Exercise, book: Path) -> Node:
    """The title, linked to the card where a page of the book has one."""
    call = re.compile(rf"\{{exercise-card\}}\s+{re.escape(exercise.id)}(?![\w.])")
    pages = [*book.glob("*.md"), *book.glob("*.ipynb")]
    title = _text(exercise.title)
    if not any(call.search(page.read_text(encoding="utf-8")) for page in pages):
        return title
    target = {"label": exercise.id, "identifier": exercise.id.lower()}
    return {"type": "crossReference", "kind": "ref", **target, "children": [title]}


def _source(exercise: Exercise, book: Path) -> Node:
    """Where the stub is: a link if myst.yml names the repository, else the path."""
    path: Node = {"type": "inlineCode", "value": f"src/langmodels/{exercise.module}.py"}
    configuration = book / "myst.yml"
    settings = configuration.read_text(encoding="utf-8") if configuration.exists() else ""
    if repository := re.search(r"^\s+github:\s*['\"]?([^\s'\"#]+)", settings, re.MULTILINE):
        address = repository[1].rstrip("/")
        if not address.startswith("http"):
            address = f"https://github.com/{address}"
        path = _parent("link", path)
        path["url"] = f"{address}/blob/main/src/langmodels/{exercise.module}.py"
    symbol: Node = {"type": "inlineCode", "value": exercise.symbol}
    return _parent(
        "paragraph", _text("Write "), symbol, _text(" in "), path, name="exercise-source"
    )


def _hint_ladder(hints: list[str]) -> Node:
    """Each hint folded into the one before it, so that nobody reads further than needed."""
    following: list[Node] = []
    for number, hint in reversed(list(enumerate(hints))):
        summary = _parent("summary", _text(STEPS[min(number, len(STEPS) - 1)]))
        blocks = _pseudocode(hint) if number >= STEPS.index("Pseudocode") else _paragraphs(hint)
        following = [_parent("details", summary, *blocks, *following, name="hint")]
    return _parent("div", *following, name="hint-ladder")


def _solution(exercise: Exercise) -> Node:
    return {
        "type": "solution",
        "class": "exercise-solution dropdown",
        "children": [
            _parent("admonitionTitle", _text(f"Solution: {exercise.title}")),
            {"type": "code", "lang": "python", "value": reference_solution(exercise)},
        ],
    }


def reference_solution(exercise: Exercise, folder: Path = ROOT / "solutions") -> str:
    """The reference's function or class, whole, without the lines that mark the solution."""
    path = folder / "langmodels" / f"{exercise.module}.py"
    text = path.read_text(encoding="utf-8")
    scope = ast.parse(text).body
    for name in exercise.symbol.split("."):
        definitions = [
            node
            for node in scope
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name
        ]
        if not definitions:
            raise PluginError(f"{exercise.id}: there is no {exercise.symbol} in {path.name}")
        found = definitions[0]
        scope = found.body
    start = min([found.lineno, *(decorator.lineno for decorator in found.decorator_list)])
    lines = text.splitlines()[start - 1 : found.end_lineno]
    markers = ("# BEGIN SOLUTION", "# END SOLUTION")
    if not any(line.strip() == markers[0] for line in lines):
        raise PluginError(f"{exercise.id}: {path.name} marks no solution in {exercise.symbol}")
    kept = [line for line in lines if line.strip() not in markers]
    return textwrap.dedent("\n".join(kept)).rstrip()


# --- Nodes ------------------------------------------------------------------------------------


def _text(value: str) -> Node:
    return {"type": "text", "value": value}


def _parent(type: str, *children: Node, name: str = "") -> Node:
    return {"type": type, **({"class": name} if name else {}), "children": list(children)}


def _cell(content: Node, header: bool = False) -> Node:
    return {"type": "tableCell", **({"header": True} if header else {}), "children": [content]}


def _between(nodes: list[Node], separator: str) -> list[Node]:
    return [part for node in nodes for part in (_text(separator), node)][1:]


def _pseudocode(hint: str) -> list[Node]:
    return [{"type": "code", "lang": "text", "value": textwrap.dedent(hint).strip()}]


def _paragraphs(hint: str) -> list[Node]:
    parts = re.split(r"\n\s*\n", hint.strip())
    return [_parent("paragraph", *_inline(" ".join(part.split()))) for part in parts]


def _inline(markdown: str) -> list[Node]:
    """Text with `code`, $formulas$, **strong** and *emphasis*."""
    nodes: list[Node] = []
    position = 0
    for found in re.finditer(r"`([^`]+)`|\$([^$]+)\$|\*\*(.+?)\*\*|\*(.+?)\*", markdown):
        nodes.append(_text(markdown[position : found.start()]))
        code, formula, strong, emphasis = found.groups()
        if code:
            nodes.append({"type": "inlineCode", "value": code})
        elif formula:
            nodes.append({"type": "inlineMath", "value": formula})
        elif strong:
            nodes.append(_parent("strong", _text(strong)))
        else:
            nodes.append(_parent("emphasis", _text(emphasis)))
        position = found.end()
    nodes.append(_text(markdown[position:]))
    return [node for node in nodes if node.get("value") != ""]


# --- The engine's side ------------------------------------------------------------------------


def run(name: str, argument: str) -> list[Node]:
    """What a directive stands for, in the book that is being built (the current folder)."""
    catalog = load_catalog(ROOT / "exercises")
    if name == "exercise-list":
        return exercise_list(argument, catalog, Path.cwd())
    edition = os.environ.get("COURSE_EDITION", "class")
    return exercise_card(argument, catalog, Path.cwd(), edition)


def main() -> int:
    """Answer the engine: the specification, or one directive's nodes."""
    if len(sys.argv) == 1:
        print(json.dumps(SPECIFICATION))
        return 0
    call = json.load(sys.stdin)
    try:
        print(json.dumps(run(sys.argv[2], call["arg"].strip())))
    except (PluginError, CatalogError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
