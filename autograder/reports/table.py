"""CSV: one row for each submission, one column for each exercise, for spreadsheets and LMS."""

import csv
import io
import re

from autograder.reports.words import grader_faults, inert, line, remarks_of
from autograder.results import ExerciseResult, Report

_FORMULA = re.compile(r"[\s\u200c\u200d]*[=+\-@＝＋－＠]")


def to_csv(report: Report) -> str:
    r"""The scores as CSV after RFC 4180, without a byte order mark.

    Columns: submission, score, max_score, open (points that wait for a GPU), the points of each
    exercise, remarks (how many there are to look at), note, isolation. An exercise that could not
    be judged has an empty cell, not a zero; the note says why. Of a student's text there is only
    the name of the submission.

    Text that a spreadsheet would compute gets an apostrophe before it: what begins, after any
    white space, with = + - @ or their full-width forms. Control characters are spelled out (a tab
    as \t), so none stands before those. All text is in quotes and no number is, so that numbers
    stay numbers, and a spreadsheet that takes ; for , finds no new cell inside a name.
    """
    ids = dict.fromkeys(e.id for s in report.submissions for e in s.exercises)
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC)
    header = ["submission", "score", "max_score", "open", *ids, "remarks", "note", "isolation"]
    writer.writerow(map(cell, header))
    for submission in report.submissions:
        found = {exercise.id: exercise for exercise in submission.exercises}
        if faults := grader_faults([submission]):
            note = f"grader faults: {faults}"
        else:
            note = "not graded" if submission.message else ""
        writer.writerow(
            [
                cell(submission.name),
                _number(submission.score),
                _number(submission.max_score),
                _number(submission.open),
                *(_points(found.get(id)) for id in ids),
                sum(len(remarks_of(exercise)) for exercise in submission.exercises),
                note,
                cell(report.isolation),
            ]
        )
    return out.getvalue()


def _points(exercise: ExerciseResult | None) -> float | str:
    return _number(exercise.score) if exercise and exercise.max_score else ""


def _number(score: float) -> float:
    return int(score) if score == int(score) else round(score, 2)


def cell(text: str) -> str:
    """Text for a cell, which no spreadsheet takes for a formula."""
    text = inert(line(text))
    return f"'{text}" if _FORMULA.match(text) else text
