"""What the terminal shows: to a student after `course check`, to an instructor after a run."""

from itertools import groupby

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from autograder.catalog import Catalog
from autograder.reports.words import (
    OPEN,
    book_page,
    causes_of,
    details_of,
    entry_of,
    grader_faults,
    is_boxed,
    line,
    outcome_counts,
    plain,
    points,
    property_of,
    reason_of,
)
from autograder.results import WORDS, ExerciseResult, Outcome, Report, SubmissionResult, for_student

# Colour only repeats what sign and words say.
_STYLES = {
    Outcome.PASSED: "green",
    Outcome.NOT_STARTED: "dim",
    Outcome.NOT_RUN: "dim",
    Outcome.NO_GPU: "dim",
    Outcome.INCONCLUSIVE: "yellow",
    Outcome.GRADER_FAULT: "bold magenta",
}


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
    results = for_student(submission).exercises
    if submission.message:
        console.print(Text(f"! {plain(submission.message)}\n", "red"))
    if not results:
        return
    waiting = [r for r in results if r.outcome is Outcome.NOT_STARTED]
    blocked = [r for r in results if r.outcome is Outcome.NOT_RUN]
    if waiting and len(waiting) + len(blocked) == len(results):
        total = points(submission.max_score)
        console.print(Text(f"Nothing started yet: {_count(results)}, {total} points.\n"))
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
    _print_next(console, sorted(waiting, key=lambda r: r.stretch), blocked, catalog, source)


def _count(results: list[ExerciseResult]) -> str:
    return f"{len(results)} exercise{'' if len(results) == 1 else 's'}"


def _print_lines(console: Console, results: list[ExerciseResult], catalog: Catalog) -> None:
    """A line for each exercise, or one for a whole chapter that is not started."""
    entries = {r.id: entry_of(r, catalog) for r in results}
    for chapter, group in groupby(results, lambda r: entries[r.id][0]):
        rows = list(group)
        if chapter:
            console.print(Text(f"Chapter {chapter.number} · {chapter.title}", "bold"))
        if all(r.outcome is Outcome.NOT_STARTED for r in rows) and len(rows) > 1:
            console.print(Text(f"  · {_count(rows)}, not started\n", "dim"))
            continue
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(no_wrap=True)
        table.add_column(no_wrap=True, overflow="fold")  # ids are copied, so titles give way
        table.add_column()
        table.add_column(justify="right", no_wrap=True)
        table.add_column()
        for result in rows:
            sign, words = WORDS[result.outcome]
            exercise = entries[result.id][1]
            style = _STYLES.get(result.outcome, "red")
            table.add_row(
                Text(f"  {sign}", style),
                Text(line(result.id)),
                Text(exercise.title if exercise else "", "dim"),
                Text(f"{points(result.score)} / {points(result.max_score)}"),
                Text(words + (", stretch" if result.stretch else ""), style),
            )
        console.print(table)
        console.print()


def _print_diagnosis(console: Console, result: ExerciseResult, catalog: Catalog) -> None:
    """The first failed test of an exercise in full, the others by property."""
    failed = [test for test in result.tests if test.outcome is not Outcome.PASSED]
    sign, words = WORDS[result.outcome]
    passed = len(result.tests) - len(failed)
    summary = f"{words}; {passed} of {len(result.tests)} tests pass"
    console.print(Text.assemble((f"{sign} {line(result.id)}", "bold red"), f": {summary}"))
    facts: list[tuple[str, Text]] = []
    for test in failed[:1]:
        console.print(Text(f"  {property_of(test)}", "bold"))
        facts += [(label, Text(text)) for label, text in details_of(test)]
    facts += [("likely cause", Text(cause)) for cause in causes_of(failed)]
    facts += [("fails too", Text(property_of(test))) for test in failed[1:]]
    chapter, exercise = entry_of(result, catalog)
    if chapter and exercise:
        facts.append(("book", Text(f"{chapter.title}, {book_page(chapter, exercise)}")))
        facts.append(("hint", Text(f"course hint {exercise.id}", "cyan")))
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for label, text in facts:
        table.add_row(Text(f"  {label}", "dim"), text)
    console.print(table)
    console.print()


def _print_others(
    console: Console, told: list[ExerciseResult], others: list[ExerciseResult]
) -> None:
    """A line for each exercise that is not told in full; one for all that share its reason."""
    known = [(r.outcome, reason_of(r)) for r in told]
    alike = [r for r in others if (r.outcome, reason_of(r)) in known]
    if alike:
        names = ", ".join(line(r.id) for r in alike[:5])
        more = f" and {len(alike) - 5} more" if len(alike) > 5 else ""
        console.print(Text(f"For the same reason: {names}{more}\n"))
    rest = [r for r in others if r not in alike]
    if not rest:
        return
    console.print(Text("More to look at" if told else "Not judged", "bold"))
    for result in rest:
        sign, words = WORDS[result.outcome]
        style = _STYLES.get(result.outcome, "red")
        text = Text.assemble((f"{sign} {line(result.id)}", style), f" {words}: {reason_of(result)}")
        if result.outcome not in OPEN:
            text.append(f"  course check {line(result.id)}", "cyan")
        console.print(Padding(text, (0, 0, 0, 2)))
    console.print()


def _progress(submission: SubmissionResult) -> Text:
    share = submission.score / submission.max_score if submission.max_score else 0.0
    full = round(20 * min(share, 1.0))
    earned = f"{points(submission.score)} / {points(submission.max_score)} points"
    return Text.assemble(("█" * full, "green"), ("░" * (20 - full), "dim"), f"  {earned}")


def _print_next(
    console: Console,
    todo: list[ExerciseResult],
    blocked: list[ExerciseResult],
    catalog: Catalog,
    source: str,
) -> None:
    if not todo:
        here = "First what it builds on" if blocked else "Nothing left to do here. What is next"
        console.print(Text.assemble(f"{here}: ", ("course status", "cyan")))
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
    console.print(Text.assemble(("Next: ", "bold"), f"{step}\n", read, "then: ", check))


def print_scores(console: Console, report: Report) -> None:
    """The score table of a run, headed by what kept the submissions apart from the grader."""
    boxed = is_boxed(report)
    warning = "" if boxed else "⚠ not isolated. "
    console.print(
        Text(f"{warning}Isolation: {line(report.isolation)}", "" if boxed else "bold red")
    )
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("submission", overflow="fold")
    table.add_column("score", justify="right", no_wrap=True)
    table.add_column("exercises")
    for submission in report.submissions:
        about = Text(outcome_counts(submission))
        if submission.message:
            about = Text(f"! {line(submission.message)} ", "red") + about
        table.add_row(
            Text(line(submission.name)),
            Text(f"{points(submission.score)} / {points(submission.max_score)}"),
            about,
        )
    console.print(table)
    if faults := grader_faults(report.submissions):
        console.print(
            Text(f"⚠ tests that ended in a grader fault: {faults}. Mend it and grade again.", "red")
        )
