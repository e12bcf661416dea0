"""Naming the misconception behind a wrong answer.

Every known mistake is a small file that says what it gets wrong. If one of them, on the very
inputs on which the student's code failed, gives the very answers that the student's code gave,
it is most likely the same mistake.
"""

import ast
from collections.abc import Sequence
from pathlib import Path

import msgspec

from autograder.catalog import Catalog, Exercise
from autograder.examiner import Suite, Target, examine
from autograder.results import Outcome, TestResult
from autograder.submission import read_package


class Mistake(msgspec.Struct, frozen=True):
    """A known wrong solution: what it does wrong, and why that is a misconception."""

    exercise: str
    path: Path
    title: str
    why: str


def load_mistakes(root: Path, exercise: Exercise) -> list[Mistake]:
    """The exercise's mistakes, by file name. Empty in a student's repository."""
    folder = root / "autograder" / "mistakes" / exercise.module / exercise.symbol
    mistakes = []
    for path in sorted(folder.glob("*.py")):
        doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        title, _, why = doc.partition("\n")
        mistakes.append(Mistake(exercise.id, path, title.strip(), " ".join(why.split())))
    return mistakes


def name_misconceptions(
    exercise: Exercise,
    results: Sequence[TestResult],
    suite: Suite,
    catalog: Catalog,
    root: Path,
    seed: int,
) -> None:
    """Fill in `misconception` of the wrong results where a known mistake answers the same.

    A mistake is named only if it gives the same wrong answer in every test that failed, and
    passes every test that passed. When two do, none is named.
    """
    wrong = [result for result in results if result.outcome is Outcome.WRONG and result.mismatch]
    mistakes = load_mistakes(root, exercise)
    if not wrong or not mistakes:
        return
    reference = read_package(root / "solutions" / "langmodels")
    targets = [Target(str(m.path), reference, override=m.path) for m in mistakes]
    answers = examine(targets, [exercise], suite, catalog, root, seed).results
    alike = [m for m in mistakes if _same(results, answers[str(m.path)][exercise.id])]
    if len(alike) == 1:
        for result in wrong:
            result.misconception = f"{alike[0].title} {alike[0].why}".strip()


def _same(results: Sequence[TestResult], others: Sequence[TestResult]) -> bool:
    by_name = {other.name: other for other in others}
    return all(
        result.name in by_name
        and by_name[result.name].outcome is result.outcome
        and by_name[result.name].mismatch == result.mismatch
        for result in results
    )
