#!/usr/bin/env python3
"""What the catalog and the package put on the book's pages, as syntax nodes.

    ```{exercise-card} ngrams.count_ngrams       ```{exercise-list} ngrams
    ```                                          ```

    ```{ladder}                                  ```{ladder} ngrams-at-work
    ```                                          ```
    ```{grader-quality}                          ```{grader-published}
    ```                                          ```

A card says what to build, what it is worth and what it needs, gives the command to copy, and
folds the hints away; a list is the table of a chapter's exercises, by the name of its page. The
ladder is every measured model (up to those of a page) above the floor that none can reach. The
last two are tables of what is proven of the grader, and of what was found of published suites; the
role {grader-figure}`mistakes` gives one number of the first, for the prose. The role
{chapter}`8 Transformer blocks` names a chapter of the plan, and leads to it once it is here.
Besides, every page of a chapter opens with what the catalog knows of it: nobody has to ask.

The engine loads plugin.mjs, which runs this file as a program. Without arguments it prints all
that the book may ask for, with `DIRECTIVE ARGUMENT` the nodes of one call or, in one sentence,
what is wrong with it.

Anchors. The label of a card is the exercise's id: `[](#ngrams.count_ngrams)` links to it from any
page, with the card's title as text. The engine ignores case, and in the HTML address it turns all
that is not a letter or a digit into a hyphen: `/ngrams/#ngrams-count-ngrams`. The description of
the function has the label `api.ngrams.count_ngrams`.

Editions. With COURSE_EDITION=self-study the reference solution is folded in under each card;
otherwise (class) no solution is read at all.

Classes that the theme may style: exercise-card, exercise-stretch, exercise-meta, exercise-id,
exercise-points, exercise-minutes, exercise-difficulty, exercise-needs, exercise-source,
exercise-command, hint-ladder, hint, exercise-solution, exercise-list, exercise-total,
chapter-opening, chapter-place, chapter-facts, chapter-goals, ladder, ladder-bar, ladder-floor,
grader-quality, grader-published.
"""

import ast
import json
import os
import re
import sys
import textwrap
from collections.abc import Callable
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Any

from autograder.api import labels
from autograder.catalog import (
    Catalog,
    CatalogError,
    Chapter,
    Exercise,
    UnknownExerciseError,
    load_catalog,
)
from autograder.proofs import BAR, Proof, Record, RecordError, Share, read_record, total

Node = dict[str, Any]

ROOT = Path(__file__).resolve().parents[1]
STEPS = ("A question", "A hint", "Pseudocode")
WORDS_PER_MINUTE = 110  # of technical prose, with a look at its formulas and figures


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
            _meta(exercise, book),
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


def ladder(page: str, book: Path) -> list[Node]:
    """The models measured on the pages up to this one, or all, each nearer to the floor.

    book/ladder.json holds them: each notebook that trains a model writes its own rungs there, and
    leaves those of other pages as they are.
    """
    measured = json.loads((book.parent / "ladder.json").read_text(encoding="utf-8"))
    rungs, floor = measured["rungs"], measured["floor"]
    pages = list(dict.fromkeys(rung["page"] for rung in rungs))
    if page and page not in pages:
        known = ", ".join(pages)
        raise PluginError(f"ladder: no rung is measured on the page {page!r}; there is {known}")
    if page:
        toc = re.findall(r"file: (\S+)\.\w+$", (book / "myst.yml").read_text("utf-8"), re.MULTILINE)
        read = toc[: toc.index(page) + 1]
        rungs = [rung for rung in rungs if rung["page"] in read]
    rungs = sorted(rungs, key=lambda rung: -rung["bits"])
    most = rungs[0]["bits"]
    header = [_text(word) for word in ("Model", "Bits", "", "Over the floor")]
    rows = [_parent("tableRow", *(_cell(word, header=True) for word in header))]
    for rung in [*rungs, {"name": "the floor", "bits": floor, "page": rungs[0]["page"]}]:
        bar = _parent("span", name="ladder-bar")
        bar["style"] = {"--bits": f"{rung['bits'] / most:.4f}", "--floor": f"{floor / most:.4f}"}
        name = _text(rung["name"])
        if rung["page"] != page:
            name = _parent("link", name) | {"url": f"./{_source_file(rung['page'], book)}"}
        above = "" if rung["bits"] == floor else f"{rung['bits'] / floor - 1:.0%}"
        cells = [_cell(name, header=True), *map(_cell, [_text(f"{rung['bits']:.2f}"), bar])]
        rows.append(_parent("tableRow", *cells, _cell(_text(above))))
    rows[-1]["class"] = "ladder-floor"
    return [{"type": "table", "class": "ladder", "children": rows}]


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


def _meta(exercise: Exercise, book: Path) -> Node:
    id: Node = {"type": "inlineCode", "value": exercise.id}
    parts = [
        _parent("span", _described(id, exercise.id, book), name="exercise-id"),
        _parent("span", _text(_points(exercise)), name="exercise-points"),
        _parent("span", _text(f"{exercise.minutes} minutes"), name="exercise-minutes"),
        _parent(
            "span", _text(f"difficulty {exercise.difficulty} of 5"), name="exercise-difficulty"
        ),
    ]
    return _parent("paragraph", *_between(parts, " "), name="exercise-meta")


def _described(name: Node, symbol: str, book: Path) -> Node:
    """The name, linked to the symbol's description where the book has one."""
    label = symbols(book).get(symbol)
    if label is None:
        return name
    target = {"label": label, "identifier": label.lower()}
    return {"type": "crossReference", "kind": "ref", **target, "children": [name]}


@cache
def symbols(book: Path) -> dict[str, str]:
    """The label of each symbol that the book describes, by the names that prose may use."""
    return labels(ROOT / "src") if (book / "api").is_dir() else {}


def _points(exercise: Exercise) -> str:
    kind = "bonus point" if exercise.stretch else "point"
    return f"{exercise.points:g} {kind}{'' if exercise.points == 1 else 's'}"


def _total(chapter: Chapter) -> str:
    minutes = sum(exercise.minutes for exercise in chapter.exercises)
    return f"Together {_all_points(chapter)}, about {_time(minutes)}."


def _all_points(chapter: Chapter) -> str:
    core = sum(exercise.points for exercise in chapter.exercises if not exercise.stretch)
    bonus = sum(exercise.points for exercise in chapter.exercises if exercise.stretch)
    return f"{core:g} points" + (f" and {bonus:g} bonus points" if bonus else "")


def _time(minutes: float) -> str:
    # The estimates do not hold more than half hours.
    return f"{round(minutes / 30) / 2:g} hours" if minutes >= 90 else f"{round(minutes)} minutes"


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


# --- How a page opens ---------------------------------------------------------------------------


def openings(catalog: Catalog, book: Path) -> dict[str, list[Node]]:
    """What stands at the head of each page of a chapter, by the name of the page."""
    found = {}
    for chapter in catalog.chapters:
        pages = chapter_pages(chapter, book)
        minutes = {page: reading_minutes(book / _source_file(page, book)) for page in pages}
        for number, page in enumerate(pages, start=1):
            place = [_text(f"Part {chapter.part}")] if number == 1 else []
            place.append(_text(f"Chapter {chapter.number}"))
            if number > 1:
                place[-1] = _chapter_link(chapter, book)
                place.append(_text(f"page {number} of {len(pages)}"))
                place.append(_text(f"{_reading_time(minutes[page])} to read"))
            line = _parent("paragraph", *_between(place, " · "), name="chapter-place")
            rest = _facts(chapter, catalog, book, sum(minutes.values())) if number == 1 else []
            found[page] = [_parent("div", line, *rest, name="chapter-opening")]
    return found


def _facts(chapter: Chapter, catalog: Catalog, book: Path, minutes: float) -> list[Node]:
    """What a chapter takes, what it builds on, and what one can do after it."""
    work = sum(exercise.minutes for exercise in chapter.exercises)
    facts = [
        f"{_reading_time(minutes)} to read",
        f"{len(chapter.exercises)} exercises, about {_time(work)}",
        _all_points(chapter),
    ]
    needs = {need for exercise in chapter.exercises for need in exercise.needs}
    needed = [
        other
        for other in catalog.chapters
        if other is not chapter and needs & {exercise.id for exercise in other.exercises}
    ]
    nodes = [_text(fact) for fact in facts]
    if needed:
        links = _between([_chapter_link(other, book) for other in needed], ", ")
        nodes.append(_parent("span", _text("builds on "), *links))
    spans = [_parent("span", node) for node in nodes]
    found = [_parent("paragraph", *_between(spans, " · "), name="chapter-facts")]
    if chapter.goals:
        goals = [_parent("listItem", _parent("paragraph", *_inline(g))) for g in chapter.goals]
        found.append(_parent("paragraph", _text("After this chapter you can")))
        found.append(_parent("list", *goals, name="chapter-goals") | {"ordered": False})
    return found


def _reading_time(minutes: float) -> str:
    return _time(max(5, 5 * round(minutes / 5)))


def chapter_roles(catalog: Catalog, book: Path) -> dict[str, list[Node]]:
    """Where a syllabus names a chapter by its number: a link, and how long its exercises take."""
    found = {}
    for chapter in catalog.chapters:
        link = _parent("link", _text(f"{chapter.number} {chapter.title}"))
        link["url"] = f"./{_source_file(chapter.page, book)}"
        minutes = sum(exercise.minutes for exercise in chapter.exercises)
        found[str(chapter.number)] = [link, _text(f" ({_time(minutes)})")]
    return found


def _chapter_link(chapter: Chapter, book: Path) -> Node:
    text = _text(f"Chapter {chapter.number}, {chapter.title}")
    return _parent("link", text) | {"url": f"./{_source_file(chapter.page, book)}"}


def _source_file(page: str, book: Path) -> str:
    return f"{page}.ipynb" if (book / f"{page}.ipynb").is_file() else f"{page}.md"


def chapter_pages(chapter: Chapter, book: Path) -> list[str]:
    """The chapter's pages in the order of the toc: its first, and those below it."""
    settings = (book / "myst.yml").read_text(encoding="utf-8")
    entries = re.findall(r"^( +)- file: (\S+)\.\w+$", settings, re.MULTILINE)
    level = next((indent for indent, page in entries if page == chapter.page), None)
    if level is None:
        return []
    after = entries[entries.index((level, chapter.page)) + 1 :]
    below = takewhile(lambda entry: len(entry[0]) > len(level), after)
    return [chapter.page, *(page for _, page in below)]


def reading_minutes(path: Path) -> float:
    """How long the prose of a page takes; code, formulas and pictures cost nothing extra."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "markdown"]
        text = "\n\n".join("".join(cell["source"]) for cell in cells)
    prose = re.sub(r"\A---\n.*?^---$|^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)
    # A Chinese character is read about as fast as half a word.
    han = len(re.findall(r"[\u4e00-\u9fff]", prose))
    return (len(prose.split()) + han / 2) / WORDS_PER_MINUTE


# --- How good the grader is -------------------------------------------------------------------

# The columns of a chapter's table. Where all are as they should be, how many there are is enough.
# Tests that students write have no mutants, and feedback on them names no mistake.
COLUMNS: dict[str, Callable[[Proof], str]] = {
    "Mistakes": lambda p: _short(p.mistakes),
    "Mutants": lambda p: _short(p.mutants) if p.mutants else "–",
    "Null answers": lambda p: _short(p.nulls),
    "Alternatives": lambda p: _short(p.alternatives),
    "Flakes": lambda p: f"{p.repeats.all - p.repeats.good} of {p.repeats.all:,}",
    "Named": lambda p: _of(p.feedback.named) if p.feedback else "–",
    "Words": lambda p: f"{p.feedback.median:.0f}" if p.feedback else "–",
    "Tests": lambda p: f"{p.visible_tests} + {p.hidden_tests}",
}

# What it is, the name of its figure, and the bar that it is held against.
TOTALS = [
    ("Mistakes caught", "mistakes", "all"),
    ("Mutants caught", "mutants", "bar"),
    ("Null answers caught", "nulls", "all"),
    ("Alternatives that pass", "alternatives", "all"),
    ("Runs with other seeds that fail", "flakes", "none"),
    ("Mistakes that feedback calls by name", "named", ""),
    ("Words and signs of feedback on a mistake, median", "median", ""),
    ("The longest", "longest", ""),
]


def grader_quality(record: Record, catalog: Catalog, book: Path) -> list[Node]:
    """What is proven: in total, by chapter and exercise, and which commands proved it."""
    rows = {row.id: row for row in record.exercises}
    sources = list(dict.fromkeys(map(_source_of, record.exercises)))
    figures = grader_figures(record)
    totals = [[label, figures[name], figures.get(bar, bar)] for label, name, bar in TOTALS]
    nodes = [_table("grader-quality", ["All exercises", "Figure", "Bar"], *totals)]
    for chapter in catalog.chapters:
        if not (proofs := [rows[e.id] for e in chapter.exercises if e.id in rows]):
            continue
        table: list[list[str | Node]] = [
            [
                _link(catalog.exercises[proof.id], book),
                *(of(proof) for of in COLUMNS.values()),
                str(sources.index(_source_of(proof)) + 1),
            ]
            for proof in proofs
        ]
        table.append(["Together", *(of(total(proofs)) for of in COLUMNS.values()), ""])
        title = f"{chapter.title}: {len(proofs)} exercise{'' if len(proofs) == 1 else 's'}"
        header = ["Exercise", *COLUMNS, "Proof"]
        summary = _parent("summary", _text(title))
        nodes.append(_parent("details", summary, _table("grader-quality", header, *table)))
    items = [_parent("listItem", _parent("paragraph", *_inline(text))) for text in sources]
    return [*nodes, {"type": "list", "ordered": True, "start": 1, "children": items}]


def grader_published(record: Record) -> list[Node]:
    """What the tests of other courses catch of mutants, and ours."""
    suites = [(published.suite, published.mutants) for published in record.published]
    suites.append(("This course", total(record.exercises).mutants))
    rows = [[name, _of(mutants), _percent(mutants)] for name, mutants in suites]
    return [_table("grader-published", ["Suite", "Mutants caught", "Share"], *rows)]


def grader_figures(record: Record) -> dict[str, str]:
    """The numbers of all exercises together, by name."""
    every = total(record.exercises)
    flakes = every.repeats.all - every.repeats.good
    return {
        "exercises": f"{len(record.exercises):,}",
        "tests": f"{every.hidden_tests:,}",
        "mistakes": _of(every.mistakes),
        "mutants": _of(every.mutants),
        "share": _percent(every.mutants),
        "bar": f"{100 * BAR:g}\u00a0%",
        "equivalent": f"{every.mutants.equivalent:,}",
        "nulls": _of(every.nulls),
        "alternatives": _of(every.alternatives),
        "flakes": f"{flakes:,} of {every.repeats.all:,}",
        "named": _of(every.feedback.named),
        "median": f"{every.feedback.median:.0f}",
        "longest": f"{every.feedback.longest:,}",
    }


def _source_of(proof: Proof) -> str:
    """The command behind a row, and what it ran on."""
    return f"`{proof.command}`, {proof.date}, {proof.versions}"


def _of(share: Share) -> str:
    return f"{share.good:,} of {share.all:,}"


def _short(share: Share) -> str:
    return f"{share.all:,}" if share.good == share.all else _of(share)


def _percent(share: Share) -> str:
    # Cut, not rounded: 100 % is all of them.
    return f"{int(1000 * share.good / share.all) / 10:g}\u00a0%"


# --- Nodes ------------------------------------------------------------------------------------


def _text(value: str) -> Node:
    return {"type": "text", "value": value}


def _parent(type: str, *children: Node, name: str = "") -> Node:
    return {"type": type, **({"class": name} if name else {}), "children": list(children)}


def _cell(content: Node, header: bool = False) -> Node:
    return {"type": "tableCell", **({"header": True} if header else {}), "children": [content]}


def _table(name: str, *rows: list[Any]) -> Node:
    """A table with a header; its cells are text or nodes."""
    parts = [
        _parent(
            "tableRow",
            *(_cell(_text(c) if isinstance(c, str) else c, header=n == 0) for c in row),
        )
        for n, row in enumerate(rows)
    ]
    return _parent("table", *parts, name=name)


def _between(nodes: list[Node], separator: str) -> list[Node]:
    return [part for node in nodes for part in (_text(separator), node)][1:]


def _pseudocode(hint: str) -> list[Node]:
    return [{"type": "code", "lang": "text", "value": textwrap.dedent(hint).strip()}]


def _paragraphs(hint: str) -> list[Node]:
    parts = re.split(r"\n\s*\n", hint.strip())
    return [_parent("paragraph", *_inline(" ".join(part.split()))) for part in parts]


TYPED = re.compile(
    r"`[^`]+`|\$[^$]+\$|(?P<open>(?<![^\s(\[])[\"'])|(?P<close>[\"'])|(?P<minus> - )"
)
PRINTED = {
    ("open", '"'): "“",
    ("close", '"'): "”",
    ("open", "'"): "‘",
    ("close", "'"): "’",
    ("minus", " - "): " − ",
}


def _typeset(markdown: str) -> str:
    """Quotation marks and minus signs as the engine prints them elsewhere; code stays as it is."""
    return TYPED.sub(
        lambda found: PRINTED.get((found.lastgroup or "", found[0]), found[0]), markdown
    )


def _inline(markdown: str) -> list[Node]:
    """Text with `code`, $formulas$, **strong** and *emphasis*."""
    markdown = _typeset(markdown)
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


def everything(book: Path, edition: str) -> dict[str, Any]:
    """All that the pages of this book may ask for, drawn at once."""
    catalog = load_catalog(ROOT / "exercises")
    pages = [chapter.page for chapter in catalog.chapters]
    return {
        "exercise-card": {id: draw("exercise-card", id, book, edition) for id in catalog.exercises},
        "exercise-list": {page: draw("exercise-list", page, book, edition) for page in pages},
        "ladder": {},
        **{
            name: {"": draw(name, "", book, edition)}
            for name in ("grader-quality", "grader-published")
        },
        "grader-figure": {n: [_text(f)] for n, f in grader_figures(_record()).items()},
        "openings": openings(catalog, book),
        "chapters": chapter_roles(catalog, book),
        "symbols": symbols(book),
    }


def _record() -> Record:
    try:
        record = read_record(ROOT)
    except RecordError as error:
        raise PluginError(str(error)) from None
    if not record.exercises:
        raise PluginError("nothing is proven of the grader: run course verify --mutants --record")
    return record


def draw(directive: str, argument: str, book: Path, edition: str) -> list[Node]:
    """What one directive or role stands for."""
    catalog = load_catalog(ROOT / "exercises")
    if directive == "ladder":
        return ladder(argument, book)
    if directive == "grader-quality":
        return grader_quality(_record(), catalog, book)
    if directive == "grader-published":
        return grader_published(_record())
    if directive == "grader-figure":
        figures = grader_figures(_record())
        if argument not in figures:
            known = ", ".join(figures)
            raise PluginError(f"grader-figure: there is no {argument!r}; there is {known}")
        return [_text(figures[argument])]
    if directive == "exercise-list":
        return exercise_list(argument, catalog, book)
    return exercise_card(argument, catalog, book, edition)


def main(arguments: list[str]) -> int:
    """Answer plugin.mjs, for the book in the current folder."""
    book, edition = Path.cwd(), os.environ.get("COURSE_EDITION", "class")
    nodes: Any
    try:
        if arguments:
            directive, argument = arguments
            nodes = draw(directive, argument, book, edition)
        else:
            nodes = everything(book, edition)
    except (PluginError, CatalogError) as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(nodes))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
