"""The gradebook as tables: CSV for spreadsheets, and what learning platforms give out."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from autograder.export import Filled, Platform, read_table
from autograder.export import fill_in as fill_in_report
from autograder.gradebook.course import Row
from autograder.reports.table import cell
from autograder.reports.words import line
from autograder.results import Report, SubmissionResult


def to_csv(rows: Sequence[Row]) -> str:
    """One line for each student and assignment, safe to open in a spreadsheet.

    `score` is what counts, lateness taken off; `waiting` says how many cells a person has to
    grade before it is final.
    """
    parts = list(dict.fromkeys(part for row in rows for part in row.parts))
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC)
    fields = ["assignment", "student", "score", "max_score", "late", "waiting", "hours_late"]
    writer.writerow([*fields, "extension_hours", *parts])
    for row in rows:
        numbers = [row.score, row.max_score, row.late, row.waiting, row.seconds_late / 3600]
        numbers.append(row.extension / 3600)
        own = [round(row.parts[part], 2) if part in row.parts else "" for part in parts]
        figures = [round(number, 2) for number in numbers]
        writer.writerow([cell(row.assignment), cell(row.student), *figures, *own])
    return out.getvalue()


def fill_in(
    rows: Sequence[Row], table: Path, platform: Platform, column: str, scale: bool
) -> Filled:
    """Enter one assignment's scores into a platform's table, as `course export` does.

    What waits for a person is left out, and said.
    """
    final = [row for row in rows if not row.waiting]
    results = [SubmissionResult(row.student, row.score, row.max_score, []) for row in final]
    filled = fill_in_report(Report("", None, results), read_table(table), platform, column, scale)
    filled.left += [
        f"{line(row.student)}: {row.waiting} cells wait for a person" for row in rows if row.waiting
    ]
    return filled
