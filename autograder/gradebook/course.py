"""The course folder: from the exercises to the gradebook, and from there to feedback and tables.

source/ASSIGNMENT/            the chapter's notebook and package.ipynb, generated
release/ASSIGNMENT/           the same without solutions, nbgrader's
received/STUDENT/ASSIGNMENT/  the notebook as it was handed in, byte for byte
submitted/STUDENT/ASSIGNMENT/ what is graded: released notebooks with the student's answers
graded/STUDENT/ASSIGNMENT/    the same with what they show, from the box
results/ASSIGNMENT/           what `course grade` writes, for these submissions
autograded/, feedback/        nbgrader's
replaced/                     earlier submissions
"""

import csv
import errno
import fcntl
import io
import os
import sys
import tempfile
import unicodedata
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import msgspec
import nbformat

from autograder import grade as grading
from autograder import reports
from autograder.catalog import Chapter
from autograder.export import read_table
from autograder.gradebook import notebook as notebooks
from autograder.gradebook import package
from autograder.gradebook.parts import GRADED, configure
from autograder.gradebook.settings import FILE, GradebookError, address, naive_utc
from autograder.gradebook.settings import read as read_settings
from autograder.project import Project
from autograder.reports.words import grader_faults, line
from autograder.results import Report, SubmissionResult, is_boxed, to_json
from autograder.submission import (
    SubmissionError,
    digest_of,
    read_notebooks,
    read_package,
    read_submission,
    without_ending,
)
from autograder.sync import write_bytes, write_text

MAX_ID_BYTES = 100  # nbgrader keeps 128 characters, a file system 255 bytes


class Collected(msgspec.Struct):
    """What became of one submission.

    Attributes:
        notes: what an instructor should know, a line each.
        taken: whether it is the one that will be graded now.
        is_timed: whether it is known when it was received.
    """

    name: str
    student: str
    notes: list[str]
    taken: bool = True
    is_timed: bool = False


class Row(msgspec.Struct):
    """One student's line of an assignment. Points; `late` is what lateness has cost already.

    Attributes:
        waiting: how many cells a person has to grade.
        seconds_late: after the due date and the extension.
        extension: what was granted, in seconds.
    """

    assignment: str
    student: str
    score: float
    max_score: float
    late: float
    waiting: int
    seconds_late: float
    extension: float
    parts: dict[str, float]


class Change(msgspec.Struct):
    """A cell whose points are not what they were; None where there were none."""

    student: str
    cell: str
    before: float | None
    now: float | None


class Graded(msgspec.Struct):
    """What a run of grading did.

    Attributes:
        ran: how many submissions went through boxes; the others had not changed.
        problems: what a person has to look at, a line each.
    """

    report: Report
    ran: int
    changes: list[Change]
    problems: list[str]
    students: Path
    index: Path


class Course:
    """A gradebook's folder."""

    def __init__(self, project: Project, folder: Path, db: str = "") -> None:
        """Raises GradebookError where the folder is none."""
        self.project, self.folder = project, folder.resolve()
        self.settings = read_settings(self.folder)
        for assignment in self.settings.due:  # nothing would ever be late
            try:
                self.chapter(assignment)
            except GradebookError as error:
                raise GradebookError(f"{self.folder / FILE}, [due]: {error}") from None
        self.db = address(self.folder, self.settings, db)
        # nbgrader starts `alembic` by its bare name.
        os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        warnings.filterwarnings("ignore", module="nbgrader|sqlalchemy|traitlets|nbconvert")

    # --- who works here ---

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else changes the gradebook meanwhile. Raises GradebookError if somebody does."""
        with ExitStack() as stack:
            path = self.folder / ".lock"
            file = stack.enter_context(path.open("a"))
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                if error.errno not in (errno.EAGAIN, errno.EACCES):
                    raise
                raise GradebookError(BUSY) from None
            if self.db.startswith("postgresql"):
                stack.enter_context(self._advisory_lock())
            yield

    @contextmanager
    def _advisory_lock(self) -> Iterator[None]:
        """The same for another machine that works on the server's gradebook."""
        import sqlalchemy

        engine = sqlalchemy.create_engine(self.db)
        try:
            with engine.connect() as plain:
                connection = plain.execution_options(isolation_level="AUTOCOMMIT")
                key = {"key": int.from_bytes(sha256(b"course gradebook").digest()[:7])}
                taken = sqlalchemy.text("select pg_try_advisory_lock(:key)")
                if not connection.execute(taken, key).scalar():
                    raise GradebookError(BUSY)
                yield  # it goes with the connection, also when this process dies
        except sqlalchemy.exc.OperationalError as error:
            raise _unreachable(error) from None
        finally:
            engine.dispose()

    @cached_property
    def _api(self) -> Any:
        from nbgrader.apps import NbGraderAPI
        from traitlets.config import Config

        config = Config()
        configure(config, self.folder, self.settings, self.db)
        config.NbGraderAPI.log_level = "WARN"
        (self.folder / ".exchange").mkdir(exist_ok=True)
        return NbGraderAPI(config=config)

    @contextmanager
    def _gradebook(self) -> Iterator[Any]:
        import sqlalchemy
        from nbgrader.api import Gradebook

        try:
            gradebook = Gradebook(self.db, self.settings.name)
        except (sqlalchemy.exc.OperationalError, sqlalchemy.exc.ArgumentError) as error:
            raise _unreachable(error) from None
        with gradebook:
            yield gradebook

    # --- assignments ---

    def chapter(self, assignment: str) -> Chapter:
        """The chapter of an assignment. Raises GradebookError, with the names there are."""
        chapters = {chapter.page: chapter for chapter in self.project.catalog.chapters}
        if assignment not in chapters:
            raise GradebookError(f"no assignment {assignment!r}; there are {', '.join(chapters)}")
        return chapters[assignment]

    def generate(self, assignments: Sequence[str]) -> list[str]:
        """Write sources and releases, and enter the assignments; by default all chapters.

        Raises GradebookError, where an assignment has submissions and other cells than now.
        """
        names = list(assignments) or [chapter.page for chapter in self.project.catalog.chapters]
        for name in names:
            chapter = self.chapter(name)
            source = self.folder / "source" / name
            for path in sorted(chapter.folder.glob("*.ipynb")):
                write_bytes(source / path.name, path.read_bytes())
            text = nbformat.writes(package.generate(chapter))
            write_text(source / f"{package.NAME}.ipynb", text)
            done = self._api.generate_assignment(name)
            if not done["success"]:
                raise GradebookError(f"{name}: {_reason(done)}")
        self._enter_due_dates()
        return names

    def _released(self, assignment: str) -> dict[str, Any]:
        """The notebooks that students get, by name; package.ipynb is one of them."""
        self.chapter(assignment)
        paths = sorted((self.folder / "release" / assignment).glob("*.ipynb"))
        if not paths:
            raise GradebookError(f"run `course gradebook generate {assignment}` first")
        return {path.stem: nbformat.read(path, as_version=4) for path in paths}

    def _enter_due_dates(self) -> None:
        with self._gradebook() as gradebook:
            for assignment in gradebook.assignments:
                if due := self.settings.due.get(assignment.name):
                    assignment.duedate = naive_utc(due)
            gradebook.db.commit()

    # --- submissions ---

    def collect(
        self,
        assignment: str,
        paths: Sequence[Path],
        times: Mapping[str, datetime],
        received: datetime | None = None,
    ) -> list[Collected]:
        """Take submissions in: the package, and the notebooks of the assignment.

        Args:
            paths: folders or archives, one for each submission.
            times: when they were received, by name.
            received: when the others were; None if that is not known, then they are not late.
                What a submission itself says of it is not asked for.
        """
        released = self._released(assignment)
        by_id = {student_id(without_ending(name)): time for name, time in times.items()}
        found = []
        owners: dict[str, list[Path]] = {}
        for path in paths:
            owners.setdefault(student_id(without_ending(path.name)), []).append(path)
        for student, several in owners.items():
            name = without_ending(several[0].name)
            if len(several) > 1:
                note = f"{len(several)} submissions have this name; none was taken"
                found.append(Collected(name, student, [note], taken=False))
                continue
            collected = Collected(name, student, [])
            time = by_id.get(student, received)
            collected.is_timed = time is not None
            self._take_in(assignment, several[0], released, time, collected)
            found.append(collected)
        return found

    def _take_in(
        self,
        assignment: str,
        path: Path,
        released: Mapping[str, Any],
        time: datetime | None,
        collected: Collected,
    ) -> None:
        files: dict[str, bytes] = {}
        raw: dict[str, bytes] = {}
        try:
            package_files = read_submission(path)
            files |= {f"langmodels/{name}": content for name, content in package_files.items()}
        except SubmissionError as error:
            collected.notes.append(str(error))
        names = [f"{name}.ipynb" for name in released if name != package.NAME]
        try:
            raw = read_notebooks(path, names, self.chapter(assignment).folder.name)
        except SubmissionError as error:
            collected.notes.append(str(error))
        for name, notebook in released.items():
            answers: list[notebooks.Answer] = []
            problem = ""
            if name != package.NAME and f"{name}.ipynb" not in raw:
                problem = f"There is no {name}.ipynb in what was handed in."
            elif name != package.NAME:
                try:
                    answers = notebooks.read(raw[f"{name}.ipynb"], notebook)
                except notebooks.NotebookError as error:
                    problem = f"{name}.ipynb cannot be graded: {error}."
            if problem:
                collected.notes.append(problem)
            filled = notebooks.laid_over(notebook, answers, problem)
            files[f"{name}.ipynb"] = nbformat.writes(filled).encode()
        if time:
            files["timestamp.txt"] = f"{naive_utc(time):%Y-%m-%d %H:%M:%S} UTC\n".encode()
        place = Path(collected.student, assignment)
        old = self.folder / "submitted" / place
        if not time and old.is_dir() and "timestamp.txt" in (before := _contents(old)):
            timestamp = before.pop("timestamp.txt")
            if before == files:  # the same once more: when it came is known
                files["timestamp.txt"] = timestamp
                collected.is_timed = True
        self._keep("received", place, raw)
        self._keep("submitted", place, files)

    def _keep(self, step: str, place: Path, files: Mapping[str, bytes]) -> None:
        """Put a folder in the place of an earlier one, which goes to replaced/."""
        target = self.folder / step / place
        if target.is_dir():
            if _contents(target) == dict(files):
                return
            for number in range(1, 10_000):
                old = self.folder / "replaced" / step / place / str(number)
                if not old.exists():
                    break
            old.parent.mkdir(parents=True, exist_ok=True)
            target.rename(old)
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.folder, prefix=".new-") as new:
            inside = Path(new, "files")
            inside.mkdir()
            for name, content in files.items():
                write_bytes(inside / name, content)
            inside.rename(target)

    def submitted(self, assignment: str, students: Iterable[str] = ()) -> list[Path]:
        """The folders of the submissions, of these students or of all.

        Raises GradebookError where there is none, or none of one of them.
        """
        self.chapter(assignment)
        chosen = [student_id(name) for name in students]
        paths = sorted((self.folder / "submitted").glob(f"*/{assignment}"))
        there = {path.parent.name for path in paths}
        if missing := [name for name in chosen if name not in there]:
            raise GradebookError(f"{line(unquote(missing[0]))} has handed in no {assignment}")
        if not paths:
            raise GradebookError(
                f"nothing was handed in: `course gradebook collect {assignment} SUBMISSIONS`"
            )
        return [path for path in paths if not chosen or path.parent.name in chosen]

    # --- grading ---

    def grade(
        self,
        assignment: str,
        isolation: str,
        seed: int,
        jobs: int,
        students: Iterable[str] = (),
        again: bool = False,
        given: Report | None = None,
        step: Callable[..., object] = lambda *_: None,
    ) -> Graded:
        """Grade what has not been graded, or with `again` everything, and enter it.

        Args:
            isolation: what keeps submissions from the grader here.
            given: results of `course grade` or `course gpu merge` to enter in the place of those
                that were found here, where they are of the same files and the same tests.
        """
        paths = self.submitted(assignment, students)
        released = self._released(assignment)
        for path in paths:
            _renew(path, released)
        exercises = list(self.chapter(assignment).exercises)
        before = self.scores(assignment)
        suite = self.project.suite_digest()
        if given and given.suite != suite:
            raise GradebookError("these results come from other tests than those that are here")
        stamps = {path: _stamp(path, suite) for path in paths}
        known = {path: self._record(path) for path in paths}
        to_run = [
            path
            for path, record in known.items()
            if again
            or not record
            or not record.is_sound(stamps[path], isolation)
            or any("fault" in found for found in self._found(path).values())
        ]
        by_name = {path.parent.name: path for path in to_run}
        for path in to_run:
            for name in ("record.json", *(file.name for file in path.glob("*.ipynb"))):
                (self._graded(path) / name).unlink(missing_ok=True)

        def keep(result: SubmissionResult) -> None:
            """Whatever happens to the rest of the run, this one is on the disk."""
            if path := by_name.get(result.name):
                self._write_record(path, Record(stamps[path], isolation, seed, result))
            step()

        found = grading.grade(self.project, to_run, exercises, seed, jobs, keep, one=grade_one)
        for path, result in zip(to_run, found, strict=True):
            result = msgspec.structs.replace(result, name=path.parent.name)
            self._write_record(path, Record(stamps[path], isolation, seed, result))
        problems = []
        for path in paths:
            if given:
                self._take_over(path, given)
            problems += self._enter(path, again)
        self.apply_late_policy()
        report = self.report(assignment)
        place = self.folder / "results" / assignment
        _set_aside(place / "results.json", to_json(report))
        pages = reports.write_run(report, self.project.catalog, place)
        changes = _changes(before, self.scores(assignment))
        return Graded(report, len(to_run), changes, problems, *pages)

    def outdated(self, assignment: str) -> list[str]:
        """Who has handed in what is not graded yet, or was graded by other tests."""
        suite = self.project.suite_digest()
        return [
            unquote(path.parent.name)
            for path in sorted((self.folder / "submitted").glob(f"*/{assignment}"))
            if not (record := self._record(path)) or record.stamp != _stamp(path, suite)
        ]

    def report(self, assignment: str) -> Report:
        """All that boxes have found of an assignment, as `course grade` reports it."""
        records = [r for path in self.submitted(assignment) if (r := self._record(path))]
        kinds = {record.isolation for record in records}
        seeds = {record.seed for record in records}
        # What is not as well kept apart is said of the whole.
        isolation = min(kinds, key=is_boxed, default="")
        seed = seeds.pop() if len(seeds) == 1 else None
        results = [record.result for record in records]
        return Report(isolation, seed, results, suite=self.project.suite_digest())

    def _graded(self, path: Path) -> Path:
        return self.folder / GRADED / path.parent.name / path.name

    def _record(self, path: Path) -> "Record | None":
        try:
            content = (self._graded(path) / "record.json").read_bytes()
            return msgspec.json.decode(content, type=Record)
        except (FileNotFoundError, msgspec.DecodeError):
            return None

    def _found(self, path: Path) -> dict[str, dict[str, Any]]:
        """What there is to say of each notebook that ran, by its file's name."""
        files = sorted(self._graded(path).glob("*.ipynb"))
        read = {file.name: nbformat.read(file, as_version=4) for file in files}
        return {name: notebook.metadata.get("course", {}) for name, notebook in read.items()}

    def _write_record(self, path: Path, record: "Record") -> None:
        write_text(self._graded(path) / "record.json", to_json(record))

    def _take_over(self, path: Path, given: Report) -> None:
        record = self._record(path)
        same = [r for r in given.submissions if r.name == path.parent.name]
        if record and len(same) == 1 and same[0].digest == record.result.digest:
            record.result = same[0]
            self._write_record(path, record)

    def _enter(self, path: Path, again: bool) -> list[str]:
        """Put one submission's scores into the gradebook; what a person has to look at."""
        record, graded = self._record(path), self._graded(path)
        assert record
        student, assignment = path.parent.name, path.name
        report = Report(record.isolation, None, [])
        problems = [record.result.message] if record.result.message else []
        if faults := grader_faults([record.result]):
            problems.append(f"{faults} tests ended in a grader fault: grade it again")
        for file in sorted(path.glob("*.ipynb")):
            notebook = nbformat.read(file, as_version=4)
            if file.stem == package.NAME:
                package.fill(notebook, report, record.result)
                write_text(graded / file.name, nbformat.writes(notebook))
            elif not (graded / file.name).is_file():
                _hold(notebook, fault="the examiner died while it ran this notebook")
                write_text(graded / file.name, nbformat.writes(notebook))
        for name, found in self._found(path).items():
            problems += [f"{name}: {remark}" for remark in found.get("remarks", [])]
            if fault := found.get("fault"):
                problems.append(f"{name}: {fault}; grade it again")
        problems += [
            cell.source.strip("*")
            for file in sorted(path.glob("*.ipynb"))
            for cell in nbformat.read(file, as_version=4).cells
            if cell.id == notebooks.PROBLEM
        ]
        timestamp = path / "timestamp.txt"
        entered = _contents(graded)
        entered.pop(ENTERED, None)
        entered["timestamp"] = timestamp.read_bytes() if timestamp.is_file() else b""
        digest = digest_of(entered)
        marker = graded / ENTERED
        if again or not marker.is_file() or marker.read_text() != digest:
            done = self._api.autograde(assignment, student)
            if not done["success"]:
                problems.append(f"nothing was entered: {_reason(done)}")
            else:
                if not timestamp.is_file():  # of an earlier submission, nbgrader's is kept
                    with self._gradebook() as gradebook:
                        gradebook.find_submission(assignment, student).timestamp = None
                        gradebook.db.commit()
                write_text(marker, digest)
        return [f"{line(unquote(student))}: {line(problem)}" for problem in problems]

    def apply_late_policy(self) -> None:
        """Work out what lateness costs, by the scores and the extensions as they are now.

        nbgrader itself does so only while it grades, before a person has.
        """
        self._enter_due_dates()
        with self._gradebook() as gradebook:
            for assignment in gradebook.assignments:
                for submission in assignment.submissions:
                    late = submission.total_seconds_late
                    for notebook in submission.notebooks:
                        penalty = self.settings.late.penalty(notebook.score, late)
                        notebook.late_submission_penalty = penalty or None
            gradebook.db.commit()

    def extend(self, student: str, assignment: str, time: timedelta) -> str:
        """Give a student more time; none takes it back. Works before anything is handed in.

        Returns:
            the new due date in words.
        """
        self.chapter(assignment)
        self._enter_due_dates()
        id = student_id(student)
        with self._gradebook() as gradebook:
            due = {a.name: a.duedate for a in gradebook.assignments}
            if assignment not in due:
                raise GradebookError(f"run `course gradebook generate {assignment}` first")
            if due[assignment] is None:  # nbgrader could not add anything to it
                raise GradebookError(f"enter when {assignment} is due in {FILE} first")
            is_new = id not in {student.id for student in gradebook.students}
            gradebook.update_or_create_student(id)
            gradebook.update_or_create_submission(assignment, id)
            gradebook.grant_extension(assignment, id, minutes=time.total_seconds() / 60)
        self.apply_late_policy()
        new = ", for when somebody of this name hands in: so far nobody has" if is_new else ""
        return f"{due[assignment] + time:%Y-%m-%d %H:%M} UTC{new}"

    # --- what is in it ---

    def scores(self, assignment: str) -> dict[str, dict[str, float]]:
        """Student → cell → points, of what has been graded."""
        with self._gradebook() as gradebook:
            return {
                submission.student.id: {
                    f"{notebook.name}/{grade.name}": grade.score
                    for notebook in submission.notebooks
                    for grade in notebook.grades
                }
                for submission in self._submissions(gradebook, assignment)
            }

    def _submissions(self, gradebook: Any, assignment: str) -> list[Any]:
        """Those that have been entered; an extension alone makes a row as well."""
        from nbgrader.api import MissingEntry

        try:
            found = gradebook.find_assignment(assignment).submissions
        except MissingEntry:
            self.chapter(assignment)
            message = f"run `course gradebook generate {assignment}` first"
            raise GradebookError(message) from None
        there = [s for s in found if (self.folder / GRADED / s.student.id / assignment).is_dir()]
        return sorted(there, key=lambda submission: str(submission.student.id))

    def rows(self, assignments: Sequence[str] = ()) -> list[Row]:
        """The gradebook as a table, by assignment and student."""
        self.apply_late_policy()
        found = []
        with self._gradebook() as gradebook:
            for name in assignments or sorted(a.name for a in gradebook.assignments):
                for submission in self._submissions(gradebook, name):
                    notebook_list = list(submission.notebooks)
                    penalty = sum(n.late_submission_penalty or 0 for n in notebook_list)
                    grades = [grade for n in notebook_list for grade in n.grades]
                    extension = submission.extension
                    row = Row(
                        assignment=name,
                        student=unquote(submission.student.id),
                        score=round(submission.score - penalty, 2),
                        max_score=submission.max_score,
                        late=round(penalty, 2),
                        waiting=sum(grade.needs_manual_grade for grade in grades),
                        seconds_late=submission.total_seconds_late,
                        extension=extension.total_seconds() if extension else 0.0,
                        parts={n.name: round(n.score, 2) for n in notebook_list},
                    )
                    found.append(row)
        return found

    def feedback(self, assignment: str, students: Iterable[str] = ()) -> list[Path]:
        """Write what students get back; the folders, one for each student."""
        paths = [p for p in self.submitted(assignment, students) if self._record(p)]
        self.apply_late_policy()
        for path in paths:
            done = self._api.generate_feedback(assignment, path.parent.name)
            if not done["success"]:
                raise GradebookError(f"{line(unquote(path.parent.name))}: {_reason(done)}")
        return [self.folder / "feedback" / path.parent.name / assignment for path in paths]


ENTERED = "entered"
BUSY = "somebody else works on this gradebook: wait until that command has ended"


class Record(msgspec.Struct):
    """What boxes found of one submission.

    Attributes:
        stamp: digest of the files and of the hidden tests.
    """

    stamp: str
    isolation: str
    seed: int
    result: SubmissionResult

    def is_sound(self, stamp: str, isolation: str) -> bool:
        """Whether grading again would find the same."""
        as_safe = is_boxed(self.isolation) or self.isolation == isolation
        return self.stamp == stamp and as_safe and not grader_faults([self.result])


def _renew(path: Path, released: Mapping[str, Any]) -> None:
    """Bring a submission's notebooks to the assignment as it is generated now."""
    for name, notebook in released.items():
        file = path / f"{name}.ipynb"
        old = file.read_bytes() if file.is_file() else b""
        answers = notebooks.read(old, notebook) if old else []
        problem = next((answer for answer in answers if answer.id == notebooks.PROBLEM), None)
        answers = [answer for answer in answers if answer is not problem]
        said = problem.source.strip("*") if problem else ""
        new = nbformat.writes(notebooks.laid_over(notebook, answers, said)).encode()
        if new != old:
            write_bytes(file, new)


def grade_one(root: Path, path: Path, ids: list[str], seed: int) -> SubmissionResult:
    """Grade a submitted folder's package by the hidden tests, and run its notebooks."""
    result = grading.grade_one(root, path, ids, seed)
    graded = path.parents[2] / GRADED / path.parent.name / path.name
    try:
        files = read_submission(path)
    except SubmissionError:
        files = {}
    given = read_package(root / "src" / "langmodels")
    for file in sorted(path.glob("*.ipynb")):
        if file.stem == package.NAME:
            continue
        notebook = nbformat.read(file, as_version=4)
        try:
            if remarks := notebooks.execute(notebook, files, given):
                _hold(notebook, remarks)
        except Exception as error:  # the grader's own: it costs nobody a point
            _hold(notebook, fault=f"the grader failed to run it: {error}")
        write_text(graded / file.name, nbformat.writes(notebook))
    return msgspec.structs.replace(result, name=path.parent.name)


def _hold(notebook: Any, remarks: Sequence[str] = (), fault: str = "") -> None:
    """Leave the points of all tests to a person; a fault is the grader's, and runs again."""
    tests = [
        cell.metadata.nbgrader.grade_id
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("grade")
    ]
    notebook.metadata["course"] = {"held": tests, "remarks": list(remarks)}
    if fault:
        notebook.metadata["course"]["fault"] = fault


# --- names, files, tables -------------------------------------------------------------------------


def student_id(name: str) -> str:
    """The name as nbgrader's id and as a folder: what would be a pattern, a path or markup is
    written %XX, and a long one ends in a digest. `urllib.parse.unquote` reads it.
    """
    name = unicodedata.normalize("NFC", name).encode("utf-8", "replace").decode()
    plain = "".join(
        c if c.isprintable() and c not in '/\\*?[]{}%<>&"`' else quote(c, safe="") for c in name
    )
    if plain[:1] in (".", " ", "-", ""):
        plain = f"%{ord(plain[0]):02X}{plain[1:]}" if plain else "%20"
    if plain[-1:] == " ":
        plain = f"{plain[:-1]}%20"
    if len(plain.encode()) > MAX_ID_BYTES:
        cut = plain.encode()[: MAX_ID_BYTES - 11].decode(errors="ignore").rpartition("%")
        head = cut[0] if cut[1] and len(cut[2]) < 2 else "".join(cut)
        plain = f"{head}-{sha256(name.encode()).hexdigest()[:10]}"
    return plain


def read_times(path: Path) -> dict[str, datetime]:
    """When submissions were received: a CSV table with the columns `submission` and `time`.

    Raises GradebookError, OSError.
    """
    times: dict[str, datetime] = {}
    rows = csv.DictReader(io.StringIO(read_table(path)))
    if not {"submission", "time"} <= set(rows.fieldnames or ()):
        raise GradebookError(f"{path} needs the columns submission and time")
    for row in rows:
        name = row["submission"] or ""
        try:
            if name in times:
                raise GradebookError(f"{name!r} is there twice")
            times[name] = parse_time(row["time"] or "")
        except GradebookError as error:
            raise GradebookError(f"{path}, line {rows.line_num}: {error}") from None
    return times


def strangers(times: Mapping[str, datetime], paths: Iterable[Path]) -> list[str]:
    """The names with a time that no submission has."""
    there = {student_id(without_ending(path.name)) for path in paths}
    return [name for name in times if student_id(without_ending(name)) not in there]


def parse_time(text: str) -> datetime:
    """A moment with its offset from UTC. Raises GradebookError."""
    try:
        time = datetime.fromisoformat(text.strip())
    except ValueError:
        time = datetime.min
    if time.tzinfo is None:
        raise GradebookError(f"{text!r} is no time with its offset, as 2030-01-31T23:59:00+00:00")
    return time


def _stamp(path: Path, suite: str) -> str:
    """A name for what the points of a submission depend on; the time it came does not count."""
    files = _contents(path)
    files.pop("timestamp.txt", None)
    return digest_of({"suite": suite.encode()} | files)


def _contents(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def _set_aside(path: Path, text: str) -> None:
    """Keep a file that is about to be replaced by another text."""
    if path.is_file() and path.read_text(encoding="utf-8") != text:
        count = sum(1 for _ in path.parent.glob("earlier/*.json"))
        write_bytes(path.parent / "earlier" / f"{count + 1}.json", path.read_bytes())


def _changes(
    before: Mapping[str, Mapping[str, float]], now: Mapping[str, Mapping[str, float]]
) -> list[Change]:
    """Of students who had been graded before."""
    return [
        Change(unquote(student), cell, old, now.get(student, {}).get(cell))
        for student, cells in before.items()
        for cell, old in cells.items()
        if now.get(student, {}).get(cell) != old
    ]


def _reason(done: Mapping[str, Any]) -> str:
    """The one line of nbgrader's words that says why."""
    lines = f"{done.get('error') or ''}\n{done.get('log') or ''}".splitlines()
    errors = [text for text in lines if text[:1].isupper() and ("Error: " in text)]
    said = [text for text in lines if text.strip()]
    return (errors or said or ["nbgrader failed"])[-1].strip()


def _unreachable(error: Exception) -> GradebookError:
    first = str(getattr(error, "orig", error)).strip().splitlines()
    return GradebookError(f"the database cannot be used: {first[0] if first else error}")


def formgrader_command(course: Course, port: int) -> tuple[list[str], dict[str, str]]:
    """How to start formgrader in the course folder: the command and its environment."""
    command = [sys.executable, "-m", "jupyter", "lab", f"--port={port}", "--ip=127.0.0.1"]
    command += [f"--ServerApp.root_dir={course.folder}", "--LabApp.default_url=/formgrader"]
    command += ["--allow-root"] * (os.geteuid() == 0)  # as in a container
    return command, os.environ | {"COURSE_GRADEBOOK_DB": course.db}
