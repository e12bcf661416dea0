"""What the terminal shows: to a student after `course check`, to an instructor after a run.

A CI runner reads what is printed and obeys some of it, so text gets to the console by `_say` only.
"""

from collections.abc import Iterable
from itertools import groupby

from rich.columns import Columns
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from autograder.catalog import Catalog
from autograder.reports.maps import Map, caption_of, maps_of
from autograder.reports.words import (
    INTEGRATION,
    LIKELY,
    OPEN,
    WAITING,
    book_page,
    causes_of,
    details_of,
    entry_of,
    grader_faults,
    has_integration,
    has_open,
    inert,
    integration_counts,
    integration_of,
    is_boxed,
    isolation_of,
    line,
    open_of,
    outcome_counts,
    plain,
    points,
    property_of,
    reason_of,
    remark_count,
    remarks_of,
    shared_reason,
)
from autograder.results import (
    WORDS,
    ExerciseResult,
    Outcome,
    Picture,
    Report,
    SubmissionResult,
    for_student,
)
from autograder.terminal import exercise_table

# Colour only repeats what sign and words say.
_STYLES = {
    Outcome.PASSED: "green",
    Outcome.NOT_STARTED: "dim",
    Outcome.NOT_RUN: "dim",
    Outcome.NO_GPU: "dim",
    Outcome.INCONCLUSIVE: "yellow",
    Outcome.GRADER_FAULT: "bold magenta",
}


def _say(*parts: str | tuple[str, str], style: str = "") -> Text:
    """Text for the console; a part is text, or text and its style."""
    said = [inert(p) if isinstance(p, str) else (inert(p[0]), p[1]) for p in parts]
    return Text.assemble(*said, style=style)


def print_check(
    console: Console,
    submission: SubmissionResult,
    catalog: Catalog,
    *,
    source: str = "src/langmodels",
) -> None:
    """Tell a student where they stand, what is wrong first, and what to do next.

    Args:
        console: where to print.
        submission: the student's results.
        catalog: titles, hints and pages of the exercises.
        source: the folder of the student's package, as they would type it.
    """
    submission = for_student(submission)
    results = submission.exercises
    if submission.message:
        console.print(_say(f"! {plain(submission.message)}\n", style="red"))
    if not results:
        return
    waiting = [r for r in results if r.outcome is Outcome.NOT_STARTED]
    blocked = [r for r in results if r.outcome is Outcome.NOT_RUN]
    if waiting and len(waiting) + len(blocked) == len(results):
        total = points(submission.max_score)
        console.print(_say(f"Nothing started yet: {_count(results)}, {total} points.\n"))
    else:
        _print_lines(console, results, catalog)
        failed = [r for r in results if r.outcome is not Outcome.PASSED and r not in waiting]
        wrong = [r for r in failed if r.outcome not in OPEN]
        for result in wrong[:1]:
            _print_diagnosis(console, result, catalog)
        others = [r for r in failed if r not in wrong[:1] and not (wrong and r in blocked)]
        _print_others(console, wrong[:1], others)
        console.print(_progress(submission))
        waiting = [*wrong, *waiting]
    _print_remarks(console, results)
    _print_next(console, sorted(waiting, key=lambda r: r.stretch), blocked, catalog, source)


def _count(results: list[ExerciseResult]) -> str:
    return f"{len(results)} exercise{'' if len(results) == 1 else 's'}"


def _print_lines(console: Console, results: list[ExerciseResult], catalog: Catalog) -> None:
    """A line for each exercise, or one for a whole chapter that is not started."""
    entries = {r.id: entry_of(r, catalog) for r in results}
    for chapter, group in groupby(results, lambda r: entries[r.id][0]):
        rows = list(group)
        if chapter:
            console.print(_say(f"Chapter {chapter.number} · {chapter.title}", style="bold"))
        if all(r.outcome is Outcome.NOT_STARTED for r in rows) and len(rows) > 1:
            console.print(_say(f"  · {_count(rows)}, not started\n", style="dim"))
            continue
        cells = []
        for result in rows:
            sign, words = WORDS[result.outcome]
            exercise = entries[result.id][1]
            style = _STYLES.get(result.outcome, "red")
            notes = [words, "stretch" if result.stretch else "", integration_of(result)]
            notes.append(open_of(result))
            score = f"{points(result.score)} / {points(result.max_score)}"
            cells.append(
                [
                    _say(f"  {sign}", style=style),
                    _say(line(result.id)),
                    _say(exercise.title if exercise else "", style="dim"),
                    Text(score, justify="right"),
                    _say(", ".join(filter(None, notes)), style=style),
                ]
            )
        console.print(exercise_table(cells, console.width, gap=2))
        console.print()
    if any(result.integration for result in results):
        console.print(_say(f"{INTEGRATION}\n", style="dim"))
    if any(result.open for result in results):
        console.print(_say(f"{WAITING}\n", style="dim"))


def _print_remarks(console: Console, results: list[ExerciseResult]) -> None:
    for result in results:
        for remark in remarks_of(result):
            console.print(_say((f"? {line(result.id)}", "yellow"), f": {remark}"))


def _print_diagnosis(console: Console, result: ExerciseResult, catalog: Catalog) -> None:
    """The first failed test of an exercise in full, the others by property."""
    ended = Outcome.PASSED, Outcome.NO_GPU
    failed = [test for test in result.tests if test.outcome not in ended]
    sign, words = WORDS[result.outcome]
    passed = sum(test.outcome is Outcome.PASSED for test in result.tests)
    summary = f"{words}; {passed} of {len(result.tests)} tests pass"
    console.print(_say((f"{sign} {line(result.id)}", "bold red"), f": {summary}"))
    if result.outcome is Outcome.ERROR and (reason := shared_reason(result)):
        # Nothing of the file runs: no property has been looked at.
        _print_facts(console, [("reason", _say(reason))])
        failed = []
    for test in failed[:1]:
        console.print(Padding(_say(property_of(test), style="bold"), (0, 0, 0, 2)))
        picture = test.mismatch.picture if test.mismatch else None
        told = details_of(test, with_answers=not picture)
        _print_facts(console, [(label, _say(text)) for label, text in told])
        if picture:
            _print_picture(console, picture)
    facts = [(LIKELY, _say(str(cause))) for cause in causes_of(failed)]
    facts += [("fails too", _say(property_of(test))) for test in failed[1:]]
    chapter, exercise = entry_of(result, catalog)
    if chapter and exercise:
        facts.append(("book", _say(f"{chapter.title}, {book_page(chapter, exercise)}")))
        facts.append(("hint", _say(f"course hint {exercise.id}", style="cyan")))
    _print_facts(console, facts)
    console.print()


def _print_facts(console: Console, facts: list[tuple[str, Text]]) -> None:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, min_width=len("  looks like") + 2)
    table.add_column(overflow="fold")
    for label, text in facts:
        table.add_row(_say(f"  {label}", style="dim"), text)
    console.print(table)


def _print_picture(console: Console, picture: Picture) -> None:
    """Three tables of numbers, beside each other if they fit."""
    maps = maps_of(picture)
    rows = [cells for map in maps for _, cells in map.rows]
    width = 1 + max(len(cell.text) for cells in rows for cell in cells)
    # Columns that have no room are left out: not the first one that is wrong.
    count = max(1, (console.width - 8) // width)
    wrong = min(n for cells in rows for n, cell in enumerate(cells) if cell.is_wrong)
    start = max(0, min(wrong, len(rows[0]) - count))
    shown = slice(start, start + count)
    tables = [_table(map, shown, width, mark) for map, mark in zip(maps, " ≠ ", strict=True)]
    console.print(Padding(Columns(tables, padding=(0, 3, 1, 0)), (1, 0, 0, 4)))
    console.print(Padding(_say(f"≠ {caption_of(picture)}\n", style="dim"), (0, 0, 0, 4)))


def _table(map: Map, shown: slice, width: int, mark: str) -> Text:
    """One map: its title, the indices of its columns, its rows; `mark` is before what is wrong."""
    label = max(len(_index(row)) for row, _ in map.rows)
    head = "".join(f"{column:>{width}}" for column in map.columns[shown])
    text = _say((f"{map.title}\n{' ' * label}{head}", "dim"))
    text.no_wrap = True
    for row, cells in map.rows:
        text.append(f"\n{_index(row):>{label}}", "dim")
        for cell in cells[shown]:
            sign = mark if cell.is_wrong else " "
            text.append(f"{sign + cell.text:>{width}}", "bold red" if sign == "≠" else "")
    return text


def _index(row: int | None) -> str:
    return "" if row is None else str(row)


def _print_others(
    console: Console, told: list[ExerciseResult], others: list[ExerciseResult]
) -> None:
    """A line for each exercise that is not told in full; one for all that share its reason."""
    known = [(r.outcome, reason_of(r)) for r in told]
    alike = [r for r in others if (r.outcome, reason_of(r)) in known]
    if alike:
        names = ", ".join(line(r.id) for r in alike[:5])
        more = f" and {len(alike) - 5} more" if len(alike) > 5 else ""
        console.print(_say(f"For the same reason: {names}{more}\n"))
    rest = [r for r in others if r not in alike]
    if not rest:
        return
    console.print(_say("More to look at" if told else "Not judged", style="bold"))
    for result in rest:
        sign, words = WORDS[result.outcome]
        style = _STYLES.get(result.outcome, "red")
        text = _say((f"{sign} {line(result.id)}", style), f" {words}: {reason_of(result)}")
        if result.outcome not in OPEN:
            text.append(_say(f"  course check {line(result.id)}", style="cyan"))
        console.print(Padding(text, (0, 0, 0, 2)))
    console.print()


def _progress(submission: SubmissionResult) -> Text:
    share = submission.score / submission.max_score if submission.max_score else 0.0
    full = round(20 * min(share, 1.0))
    earned = f"{points(submission.score)} / {points(submission.max_score)} points"
    earned += f", {waiting}" if (waiting := open_of(submission)) else ""
    return _say(("█" * full, "green"), ("░" * (20 - full), "dim"), f"  {earned}")


def _print_next(
    console: Console,
    todo: list[ExerciseResult],
    blocked: list[ExerciseResult],
    catalog: Catalog,
    source: str,
) -> None:
    if not todo:
        here = "First what it builds on" if blocked else "Nothing left to do here. What is next"
        console.print(_say(f"{here}: ", ("course status", "cyan")))
        return
    chapter, exercise = entry_of(todo[0], catalog)
    if not (chapter and exercise):
        return
    file = f"{source}/{exercise.module}.py"
    check = (f"course check {exercise.id}", "cyan")
    if todo[0].outcome is Outcome.NOT_STARTED:
        about = f"{exercise.title} (about {exercise.minutes} minutes)"
        step = f"{about}: fill in {exercise.symbol} in {file}"
        read = f"read: {chapter.title}, {book_page(chapter, exercise)}\n"
    else:
        step, read = f"mend {exercise.symbol} in {file}", ""
    console.print(_say(("Next: ", "bold"), f"{step}\n", read, "then: ", check))


def print_scores(console: Console, report: Report) -> None:
    """The score table of a run, headed by what kept the submissions apart from the grader."""
    if is_boxed(report):
        console.print(_say(isolation_of(report), style="dim"))
    else:
        console.print(_say(f"⚠ {isolation_of(report)}", style="bold red"))
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("submission", overflow="fold")
    table.add_column("score", justify="right", no_wrap=True)
    table.add_column("exercises")
    second_pass = has_integration(report.submissions)
    if second_pass:
        table.add_column("all its own code")
    for submission in report.submissions:
        about = _say(outcome_counts(submission))
        if remarks := remark_count(submission):
            about.append(_say(f"; {remarks}", style="yellow"))
        if waiting := open_of(submission):
            about.append(_say(f"; {waiting}"))
        if submission.message:
            about = _say(f"! {line(submission.message)} ", style="red") + about
        row = [
            _say(line(submission.name)),
            _say(f"{points(submission.score)} / {points(submission.max_score)}"),
            about,
        ]
        table.add_row(*row, *[_say(integration_counts(submission))] * second_pass)
    console.print(table)
    if second_pass:
        console.print(_say(INTEGRATION, style="dim"))
    if has_open(report.submissions):
        console.print(_say(WAITING, style="dim"))
    if faults := grader_faults(report.submissions):
        loud = f"⚠ tests that ended in a grader fault: {faults}. Mend it and grade again."
        console.print(_say(loud, style="red"))


def print_changes(
    console: Console, pairs: Iterable[tuple[SubmissionResult, SubmissionResult]]
) -> None:
    """The table of scores that are not what they were: of each submission before and now."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("changed", overflow="fold")
    for title in ("before", "now"):
        table.add_column(title, justify="right", no_wrap=True)
    for old, new in pairs:
        if _standing(new) != _standing(old):
            scores = [f"{points(s.score)} / {points(s.max_score)}" for s in (old, new)]
            table.add_row(_say(line(new.name)), *map(_say, scores))
    console.print()
    console.print(table if table.row_count else "No score has changed.")


def _standing(submission: SubmissionResult) -> list[tuple[object, ...]]:
    """What a student has of each exercise; messages and logs differ from run to run."""
    return [(e.id, e.score, e.max_score, e.open, e.outcome) for e in submission.exercises]
