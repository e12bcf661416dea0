"""What runs inside nbgrader: it takes over what was graded in boxes, and starts no kernel.

`configure` is the whole of nbgrader's configuration; nbgrader_config.py in the course folder calls
it too, so that nbgrader's own commands and formgrader behave as `course gradebook` does.
"""

from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    NbGraderPreprocessor,
    SaveAutoGrades,
)
from traitlets import Float, Unicode

from autograder.gradebook.settings import Late, Settings

GRADED = "graded"  # in the course folder: what came out of the boxes


class NotGradedError(Exception):
    """nbgrader was asked to enter what has not been graded."""


class TakeOver(NbGraderPreprocessor):  # type: ignore[misc]
    """In the place of Execute: the outputs are those of the notebook that ran in a box."""

    root = Unicode(help="the course folder").tag(config=True)

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Put the outputs in. Raises NotGradedError where there are none for these cells."""
        where = resources["nbgrader"]
        path = Path(self.root, GRADED, where["student"], where["assignment"])
        path /= f"{where['notebook']}.ipynb"
        if not path.is_file():
            raise NotGradedError("not graded yet: run `course gradebook grade`")
        graded = nbformat.read(path, as_version=4)
        if [cell.source for cell in graded.cells] != [cell.source for cell in nb.cells]:
            raise NotGradedError("graded in another version: run `course gradebook grade` again")
        for cell, ran in zip(nb.cells, graded.cells, strict=True):
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = ran.outputs, ran.execution_count
        resources["course"] = graded.metadata.get("course", {})
        return nb, resources


class HoldBack(NbGraderPreprocessor):  # type: ignore[misc]
    """After SaveAutoGrades: what a person has to see first, and points beyond the maximum."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Leave cells open that could not be judged, enter stretch points as extra credit."""
        where, course = resources["nbgrader"], resources["course"]
        place = where["notebook"], where["assignment"], where["student"]
        with Gradebook(where["db_url"]) as gradebook:
            for id in course.get("held", []):
                grade = gradebook.find_grade(id, *place)
                grade.auto_score, grade.needs_manual_grade = None, True
            for id, points in course.get("extra", {}).items():
                gradebook.find_grade(id, *place).extra_credit = points
            gradebook.db.commit()
        return nb, resources


class LatePolicy(LateSubmissionPlugin):  # type: ignore[misc]
    """The policy of course.toml, see settings.Late."""

    grace_hours = Float(0).tag(config=True)
    percent_per_day = Float(0).tag(config=True)
    at_most_percent = Float(100).tag(config=True)

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float:
        """The points that a notebook loses."""
        late = Late(self.grace_hours, self.percent_per_day, self.at_most_percent)
        return late.penalty(score, total_seconds_late)


def configure(config: Any, folder: Path, settings: Settings, db: str) -> None:
    """Set up nbgrader for a course folder."""
    config.CourseDirectory.root = str(folder)
    config.CourseDirectory.course_id = settings.name
    config.CourseDirectory.db_url = db
    config.Exchange.root = str(folder / ".exchange")  # unused, but asked for
    config.Autograde.autograde_preprocessors = [
        TakeOver,
        SaveAutoGrades,
        HoldBack,
        AssignLatePenalties,
        CheckCellMetadata,
    ]
    config.TakeOver.root = str(folder)
    config.AssignLatePenalties.plugin_class = LatePolicy
    config.LatePolicy.grace_hours = settings.late.grace_hours
    config.LatePolicy.percent_per_day = settings.late.percent_per_day
    config.LatePolicy.at_most_percent = settings.late.at_most_percent
