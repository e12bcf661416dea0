"""The `course` command. Each function is one subcommand; what they do is in the other modules.

Imports that cost time stand inside the functions: `course --help` must answer at once.
"""

import errno
import os
import secrets
import signal
import sys
from contextlib import closing, contextmanager
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from autograder.catalog import Exercise
    from autograder.export import Platform
    from autograder.project import Project
    from autograder.proofs import Proof
    from autograder.results import Report

CHECKS_FAILED, WRONG_USE, REFUSED, INTERRUPTED = 1, 2, 3, 130

app = typer.Typer(
    name="course",
    help="From N-grams to Mamba: build language models, and find out whether they are right.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="[ID or chapter]...", help="exercises or chapters; default: all"),
]
AsJson = Annotated[bool, typer.Option("--json", help="one JSON document instead of text")]
Seed = Annotated[int, typer.Option(help="seed of the random inputs, to replay a run")]


def main() -> None:
    """Run the command line; every known problem ends in one sentence and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # signs that a terminal cannot show
            stream.reconfigure(errors="replace")
    try:
        app()
    except SystemExit as end:
        if end.code == INTERRUPTED:
            _complain("stopped by Ctrl-C; nothing is half-written")
        raise
    except BrokenPipeError:
        # The reader of our output has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:
        if not _is_for_people(error):
            raise
        message = str(error)
        if isinstance(error, OSError) and error.filename and error.strerror:
            message = f"{error.filename}: {error.strerror}"
        if isinstance(error, PermissionError):
            message += "; make it writable, for instance with chmod u+w"
        _complain(message)
        sys.exit(WRONG_USE)


def _is_for_people(error: Exception) -> bool:
    from autograder.book import BookError
    from autograder.catalog import CatalogError, UnknownExerciseError
    from autograder.export import ExportError
    from autograder.gpu import GpuError
    from autograder.notebooks import NotebookError
    from autograder.project import ProjectError
    from autograder.proofs import RecordError
    from autograder.results import ReportError
    from autograder.submission import SubmissionError
    from autograder.sync import SyncError
    from autograder.update import ReleaseError

    kinds = (
        BookError,
        CatalogError,
        UnknownExerciseError,
        ExportError,
        GpuError,
        NotebookError,
        ProjectError,
        RecordError,
        ReleaseError,
        ReportError,
        SubmissionError,
        SyncError,
        OSError,
    )
    return isinstance(error, kinds)


def _complain(message: str) -> None:
    err.print(Text.assemble(("course: ", "bold red"), message), soft_wrap=True)


def _project() -> "Project":
    from autograder.project import Project

    return Project(Path.cwd())


def _default_seed() -> int:
    from autograder.plugin import DEFAULT_SEED

    return DEFAULT_SEED


# --- For students -----------------------------------------------------------------------------


@app.command()
def status(as_json: AsJson = False) -> None:
    """Show what is done, what is not, and what to do next."""
    from autograder.progress import current, print_status

    project = _project()
    progress = current(project)
    if as_json:
        _print_json(progress)
    else:
        print_status(out, project, progress)


@app.command()
def check(
    names: Names = None,
    as_json: AsJson = False,
    seed: Annotated[int | None, typer.Option(help="replay a run with its seed")] = None,
    on_github: Annotated[
        bool, typer.Option("--github", help="in a job of GitHub's: annotations, summary, outputs")
    ] = False,
) -> None:
    """Run the visible tests on your code in src/ and say what is wrong."""
    if as_json and on_github:
        raise typer.BadParameter("--github writes the JSON to build/check/; leave --json out")
    project = _project()
    exercises = project.catalog.select(names or [])
    report = _check(project, exercises, _default_seed() if seed is None else seed, as_json)
    if on_github:
        _tell_github(project, report)
    raise typer.Exit(0 if _all_passed(report) else CHECKS_FAILED)


def _check(
    project: "Project", exercises: "list[Exercise]", seed: int, as_json: bool = False
) -> "Report":
    from autograder import grade, reports
    from autograder.results import to_json

    with _progress_bar("checking", hidden=as_json) as step:
        report = grade.check(project, exercises, seed, progress=step)
    if as_json:
        typer.echo(to_json(report))
    else:
        reports.print_check(out, report.submissions[0], project.catalog)
        _print_hidden_checks(project, exercises)
    # Last, so that a folder that cannot be written costs nobody the diagnosis.
    project.remember_results(report.submissions[0].exercises)
    return report


def _tell_github(project: "Project", report: "Report") -> None:
    from autograder.reports import github

    for command in github.annotations(project, report.submissions[0]):
        typer.echo(command)
    github.write_check(report, project.root / "build" / "check")


def _print_hidden_checks(project: "Project", exercises: "list[Exercise]") -> None:
    from autograder.progress import hidden_checks

    if len(exercises) != 1 or not (properties := hidden_checks(project, exercises[0])):
        return
    table = Table("weight", "grading also checks", box=None, padding=(0, 2, 0, 0))
    for text, weight in properties:
        table.add_row(f"{weight:g}", Text(text))
    out.print()
    out.print(table)


@app.command()
def watch(names: Names = None) -> None:
    """Check again whenever you save; stop with Ctrl-C."""
    from autograder.progress import changes, next_exercise

    project = _project()
    seed = _default_seed()
    chosen = project.catalog.select(names or [])
    out.print(f"watching {project.package.relative_to(project.root)}/ (stop with Ctrl-C)")
    for _ in changes(project.package / "langmodels"):
        out.clear()
        following = next_exercise(project, chosen)
        if following is None:
            out.print("Every exercise passes its visible tests.")
            return
        report = _check(project, [following], seed)
        if _all_passed(report) and (after := next_exercise(project, chosen)):
            out.print(f"\n{following.id} passes. Next: {after.title} ({after.id})")


@app.command()
def hint(id: str) -> None:
    """Show the next hint for an exercise: a question, then a hint, then pseudocode."""
    project = _project()
    (exercise,) = project.catalog.select([id])[:1]
    shown = project.recall("hints")
    count = min(int(shown.get(exercise.id, 0)) + 1, len(exercise.hints))
    for number, text in enumerate(exercise.hints[:count], start=1):
        out.print(Text(f"Hint {number} of {len(exercise.hints)}", "bold"))
        out.print(Text(f"{text.strip()}\n"))
    project.remember("hints", shown | {exercise.id: count})


@app.command()
def reset(id: str) -> None:
    """Put the stub of an exercise back; your version is kept in .course/backups/."""
    from autograder.progress import reset_exercise

    project = _project()
    (exercise,) = project.catalog.select([id])[:1]
    backup = reset_exercise(project, exercise)
    out.print(f"{exercise.id} is a stub again; your version is in {backup}")


@app.command()
def update(
    source: Annotated[Path, typer.Argument(metavar="RELEASE", help="its folder or archive")],
) -> None:
    """Bring a later release of the course in; what you wrote stays."""
    from autograder.update import update as bring_in

    done = bring_in(_project(), source)
    n_new = len(done.replaced) + len(done.removed)
    out.print(f"release {done.version}: {n_new} files replaced, none of them yours")
    for path in done.merged:
        out.print(f"merged   {path}: your code, with what the release changed around it")
    for path in done.kept:
        out.print(f"kept     {path} as you wrote it; the new one: {done.beside}/{path}")


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Tell what this machine has, what is missing, and how to get it."""
    from autograder.doctor import examine_machine

    findings = examine_machine(_project())
    if as_json:
        _print_json(findings)
        return
    table = Table(box=None, show_header=False)
    for finding in findings:
        sign = Text("✓", "green") if finding.good else Text("✗", "red")
        table.add_row(sign, Text(finding.subject), Text(finding.state), Text(finding.advice))
    out.print(table)


# --- For instructors and authors ----------------------------------------------------------------


@app.command()
def grade(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="submissions")],
    only: Annotated[list[str] | None, typer.Option(help="grade only this exercise")] = None,
    out_folder: Annotated[
        Path, typer.Option("--out", help="where the feedback pages and result files go")
    ] = Path("build/feedback"),
    jobs: Annotated[int, typer.Option(min=1, help="submissions at a time")] = os.cpu_count() or 1,
    unsafe: Annotated[
        bool, typer.Option("--unsafe", help="run without isolation: only code that you trust")
    ] = False,
    seed: Annotated[int | None, typer.Option(help="replay a run with its seed")] = None,
    as_json: AsJson = False,
) -> None:
    """Grade submissions with the hidden tests: folders, archives, or a folder of them."""
    from autograder import grade as grading
    from autograder.results import Report, SubmissionResult, to_json_line
    from autograder.submission import find_submissions
    from autograder.sync import naming

    project = _project()
    exercises = project.catalog.select(only or [])
    submissions = [found for path in paths for found in find_submissions(path)]
    if out_folder.is_file():
        raise NotADirectoryError(errno.ENOTDIR, "a file; --out needs a folder", str(out_folder))
    with naming(out_folder):
        out_folder.mkdir(parents=True, exist_ok=True)
    finished = out_folder / "finished.jsonl"
    isolation = _proven_isolation(project, unsafe)
    # Inputs are drawn anew in each run, so that no table of answers fits.
    seed = secrets.randbelow(2**31) if seed is None else seed
    report = Report(isolation, seed, [], suite=project.suite_digest())
    with (
        finished.open("wb", buffering=0) as lines,
        _progress_bar("grading", len(submissions), hidden=as_json) as step,
    ):

        def keep(result: SubmissionResult) -> None:
            """Whatever happens to the rest of the run, this one is on the disk."""
            line = to_json_line(result).encode() + b"\n"
            with naming(finished):
                while line:
                    line = line[lines.write(line) :]
                os.fsync(lines.fileno())
            step()

        report.submissions = grading.grade(project, submissions, exercises, seed, jobs, keep)
    _write_run(report, project, out_folder, as_json)
    if not as_json:
        out.print(f"again          the same inputs: --seed {seed}")


def _write_run(report: "Report", project: "Project", folder: Path, as_json: bool) -> None:
    """Write a run's pages and data, show its scores, and say where the rest is."""
    from autograder import reports
    from autograder.results import to_json

    students, index = reports.write_run(report, project.catalog, folder)
    if as_json:
        typer.echo(to_json(report))
        return
    reports.print_scores(out, report)
    out.print(f"\nfor students   {students}\nfor yourself   {index}")
    out.print(f"as data        {folder / 'results.json'}, .xml (JUnit), .csv and .md")


def _proven_isolation(project: "Project", unsafe: bool, key: Path | None = None) -> str:
    """What keeps submissions apart from the grader here; ends the command where nothing does.

    With the `key` of a GPU run it is tried in boxes that may use the GPU, which must not read it.
    """
    from autograder import isolation
    from autograder.box import BoxError

    try:
        more = [key] if key else []
        found = isolation.prove([*project.secrets, *more], accelerator=bool(key))
    except BoxError as error:
        err.print(Text(f"Nothing was run: {error}", "bold red"))
        raise typer.Exit(REFUSED) from None
    if not found.unproven:
        return str(found)
    if unsafe:
        err.print(Text(f"⚠ isolation {isolation.UNSAFE}. Grade only code you trust.", "bold red"))
        return isolation.UNSAFE
    err.print(Text("Nothing was run: on this machine a submission could do harm.", "bold red"))
    for hole in found.unproven:
        detail = f": {hole.detail}" if hole.detail else ""
        err.print(Text(f"  ✗ it could {hole.name}{detail}"), soft_wrap=True)
    err.print(f"What would help: {isolation.advice()}", soft_wrap=True)
    err.print("For code that you trust all the same: the same command with --unsafe")
    raise typer.Exit(REFUSED)


gpu = typer.Typer(no_args_is_help=True)
app.add_typer(gpu, name="gpu", help="Run tests that need a GPU where there is one; merge results.")
KeyFile = Annotated[Path, typer.Option("--key", help="from course gpu key; both machines need it")]
Rehearse = Annotated[bool, typer.Option("--rehearse", hidden=True)]


@gpu.command()
def key(file: Annotated[Path, typer.Argument(metavar="FILE", help="where to write it")]) -> None:
    """Make a key, with which results from a GPU are signed and checked."""
    from autograder.gpu import make_key

    make_key(file)
    out.print(f"wrote {file}: copy it to both machines, and keep it from everybody else")


@gpu.command("run")
def gpu_run(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="submissions")],
    key_file: KeyFile,
    only: Annotated[list[str] | None, typer.Option(help="run only this exercise")] = None,
    out_file: Annotated[Path, typer.Option("--out", help="where the signed results go")] = Path(
        "build/gpu.json"
    ),
    seed: Annotated[int | None, typer.Option(help="replay a run with its seed")] = None,
    device: Annotated[str, typer.Option(help="auto, or cuda, xpu, …")] = "auto",
    unsafe: Annotated[
        bool, typer.Option("--unsafe", help="run without isolation: only code that you trust")
    ] = False,
    rehearse: Rehearse = False,
) -> None:
    """Run the hidden tests that need a GPU, on this machine's, and sign what they say."""
    from autograder import gpu as graphics
    from autograder.submission import find_submissions
    from autograder.sync import write_text

    project = _project()
    exercises = project.catalog.select(only or [])
    submissions = [found for path in paths for found in find_submissions(path)]
    signing_key = graphics.read_key(key_file)
    found = graphics.REHEARSAL if rehearse else graphics.find_device(device)
    isolation = _proven_isolation(project, unsafe, key_file)
    seed = secrets.randbelow(2**31) if seed is None else seed
    with _progress_bar("on the GPU", len(submissions)) as step:
        done = graphics.run(project, submissions, exercises, seed, found, isolation, step)
    write_text(out_file, graphics.sealed(done, signing_key))
    for part in done.submissions:
        if part.message:
            err.print(Text(f"! {part.name}: {part.message}", "red"))
    out.print(f"wrote {out_file}: {len(done.submissions)} submissions on {found.name}")
    out.print(f"next: course gpu merge RESULTS.json {out_file} --key {key_file}")


@gpu.command()
def merge(
    results: Annotated[Path, typer.Argument(metavar="RESULTS.json", help="of course grade")],
    files: Annotated[list[Path], typer.Argument(metavar="GPU.json...", help="of course gpu run")],
    key_file: KeyFile,
    out_folder: Annotated[
        Path | None, typer.Option("--out", help="where pages and results go; default: in place")
    ] = None,
    rehearse: Rehearse = False,
    as_json: AsJson = False,
) -> None:
    """Put results from a GPU into those of course grade, and write all reports again."""
    from autograder import gpu as graphics
    from autograder import reports
    from autograder.results import read_report

    project = _project()
    before = report = read_report(results)
    signing_key = graphics.read_key(key_file)
    for file in files:
        run = graphics.unsealed(file, signing_key)
        if run.is_rehearsal and not rehearse:
            raise graphics.GpuError(f"{file} is a rehearsal on the CPU, which gives no points")
        report = graphics.merge(report, run, project.catalog)
    _write_run(report, project, out_folder or results.parent, as_json)
    if not as_json:
        reports.print_changes(out, before, report)


export = typer.Typer(no_args_is_help=True)
app.add_typer(export, name="export", help="Put results where other systems read them.")
Results = Annotated[Path, typer.Argument(metavar="RESULTS.json", help="of course grade")]
ToFile = Annotated[Path, typer.Option("--to", help="the file to write")]
Scale = Annotated[bool, typer.Option("--scale", help="bring scores to the platform's maximum")]
Visibility = Annotated[
    str, typer.Option(help="when students see it: visible, after_due_date, after_published, hidden")
]


@export.command()
def canvas(
    results: Results,
    table: Annotated[Path, typer.Argument(metavar="GRADES.csv", help="exported from Canvas")],
    column: Annotated[str, typer.Option(help="the assignment's column, or a part of its name")],
    to: ToFile,
    scale: Scale = False,
) -> None:
    """Fill the scores into the gradebook that Canvas exports."""
    from autograder.export import CANVAS

    _fill_in(results, table, CANVAS, to, column, scale)


@export.command()
def moodle(
    results: Results,
    table: Annotated[Path, typer.Argument(metavar="WORKSHEET.csv", help="from Moodle")],
    to: ToFile,
    scale: Scale = False,
) -> None:
    """Fill the scores into the grading worksheet that Moodle gives out."""
    from autograder.export import MOODLE

    _fill_in(results, table, MOODLE, to, "", scale)


def _fill_in(
    results: Path, table: Path, platform: "Platform", to: Path, column: str, scale: bool
) -> None:
    from autograder.export import fill_in, read_table
    from autograder.results import read_report
    from autograder.sync import write_text

    filled = fill_in(read_report(results), read_table(table), platform, column, scale)
    write_text(to, filled.text)
    out.print(f"{filled.entered} scores entered; upload {to} to {platform.name}")
    for reason in filled.left:
        out.print(Text.assemble(("left to you: ", "yellow"), reason), soft_wrap=True)


@export.command("github")
def github_issues(
    results: Results,
    to: Annotated[Path, typer.Option("--to", help="the folder for the texts")],
) -> None:
    """Write each student's feedback as the text of an issue."""
    from autograder.export import to_issues
    from autograder.results import read_report
    from autograder.sync import write_text

    texts, left = to_issues(read_report(results))
    for name, text in texts.items():
        write_text(to / f"{name}.md", text)
    out.print(f"wrote {len(texts)} texts to {to}")
    for reason in left:
        out.print(Text.assemble(("left to you: ", "yellow"), reason), soft_wrap=True)


@export.command()
def gradescope(results: Results, to: ToFile, visibility: Visibility = "visible") -> None:
    """Write the results.json that Gradescope expects of an autograder."""
    from autograder.export import to_gradescope
    from autograder.results import read_report
    from autograder.sync import write_text

    write_text(to, to_gradescope(read_report(results), visibility))


@export.command("gradescope-autograder")
def gradescope_autograder(to: ToFile, visibility: Visibility = "visible") -> None:
    """Write the archive with which Gradescope grades. It holds the hidden tests."""
    from autograder.export import write_autograder

    count = write_autograder(_project(), to, visibility)
    out.print(f"wrote {to}: {count} files; upload it as the assignment's autograder")


@app.command()
def verify(
    names: Names = None,
    as_json: AsJson = False,
    quick: Annotated[bool, typer.Option(help="one seed, and only in boxes")] = False,
    seeds: Annotated[int, typer.Option(min=2, help="runs of the reference, each anew")] = 5,
    jobs: Annotated[int, typer.Option(min=1, help="exercises at a time")] = os.cpu_count() or 1,
    mutants: Annotated[
        bool, typer.Option("--mutants", help="also with operator mutants of the reference")
    ] = False,
    sample: Annotated[
        int, typer.Option(min=0, help="only so many mutants of each exercise; 0: all")
    ] = 0,
    sample_seed: Annotated[
        int | None, typer.Option(help="with --sample: the same mutants again; default: the date")
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="prove again what has not changed since it was proven")
    ] = False,
    record: Annotated[
        bool, typer.Option("--record", help="put the figures into the book (with --mutants)")
    ] = False,
) -> None:
    """Prove the grader: wrong answers fail, right ones pass."""
    from autograder import proofs as proven
    from autograder.mutants import Sample
    from autograder.verify import verify as prove

    if record and (quick or not (mutants or sample)):
        raise typer.BadParameter("the book shows all figures: use it with --mutants, not --quick")
    project = _project()
    exercises = project.catalog.select(names or [])
    if sample_seed is None:
        sample_seed = int(f"{date.today():%Y%m%d}")
    chosen = Sample(sample, sample_seed) if mutants or sample else None
    proofs = []
    with (
        _progress_bar("proving", len(exercises), hidden=as_json) as step,
        # Broken off here, the examiners must end at once, not when the interpreter does.
        closing(prove(project, exercises, jobs, 1 if quick else seeds, chosen, fresh)) as found,
    ):
        for proof in found:
            proofs.append(proof)
            step()
    if record:
        good = [proof for proof in proofs if not proof.problems]
        path = proven.record(project.root, project.catalog, good)
        err.print(f"recorded {len(good)} of {len(proofs)} exercises in {path}", soft_wrap=True)
    if as_json:
        _print_json(proven.Proofs(proofs))
    else:
        _print_proofs(proofs)
        if chosen and chosen.size:
            out.print(f"the same mutants again: --sample {sample} --sample-seed {sample_seed}")
    raise typer.Exit(CHECKS_FAILED if any(proof.problems for proof in proofs) else 0)


def _print_proofs(proofs: "list[Proof]") -> None:
    from autograder.proofs import total

    # Title, what it means, and the figure; None where a proof does not hold it.
    columns: list[tuple[str, str, Callable[[Proof], object]]] = [
        ("tests", "visible+hidden", lambda p: f"{p.visible_tests}+{p.hidden_tests}"),
        ("mistakes", "caught, as are mutants and nulls", lambda p: p.mistakes),
        ("mutants", "", lambda p: p.mutants),
        ("nulls", "", lambda p: p.nulls),
        ("right", "alternatives that pass", lambda p: p.alternatives),
        ("flakes", "of runs with other seeds", lambda p: p.repeats.all and p.flakes),
        ("named", "mistakes that feedback names", lambda p: p.feedback and p.feedback.named),
        (
            *("words", "and signs of feedback, median"),
            lambda p: p.feedback and f"{p.feedback.median:.0f}",
        ),
        ("s", "*: of an earlier run", lambda p: f"{p.seconds:.0f}{'*' if p.kept else ''}"),
    ]
    rows = [*proofs, *([total(proofs, "together")] if len(proofs) > 1 else [])]
    columns = [column for column in columns if any(column[2](p) for p in rows)]
    table = Table(box=None, header_style="bold", padding=(0, 1, 0, 0))
    table.add_column("", no_wrap=True, min_width=1)
    table.add_column("exercise", overflow="ellipsis")  # narrow terminals cut ids, not numbers
    for title, _, of in columns:
        width = max(len(title), *(len(str(of(p) or "–")) for p in rows))
        table.add_column(title, justify="right", no_wrap=True, min_width=width)
    for p in rows:
        sign = Text("✗", "red") if p.problems else Text("✓", "green")
        table.add_row(sign, p.id, *(str(of(p) or "–") for _, _, of in columns))
    out.print(table)
    out.print(" · ".join(f"{title}: {meaning}" for title, meaning, _ in columns if meaning))
    for proof in proofs:
        for survivor in proof.mutants.rest if proof.mutants else []:
            out.print(Text.assemble(("passes: ", "yellow"), survivor), soft_wrap=True)
    for proof in proofs:
        for problem in proof.problems:
            out.print(Text.assemble(("✗ ", "red"), (proof.id, "bold"), f": {problem}"))


@app.command()
def lint_tests(
    names: Names = None,
    as_json: AsJson = False,
    jobs: Annotated[int, typer.Option(min=1, help="chapters at a time")] = os.cpu_count() or 1,
) -> None:
    """Find tests that look right and let wrong answers pass."""
    from autograder.lint import lint

    project = _project()
    exercises = project.catalog.select(names or [])
    chapters = {project.catalog.chapter_of(exercise).number for exercise in exercises}
    findings = []
    with _progress_bar("reading and running tests", len(chapters), hidden=as_json) as step:
        for found in lint(project, exercises, jobs):
            findings += found
            step()
    if as_json:
        _print_json({"schema": 1, "findings": findings})
    else:
        for finding in findings:
            out.print(Text.assemble(("✗ ", "red"), str(finding)), soft_wrap=True)
        if findings:
            out.print("waive what is none on the line of its def: # lint: ok RULE (the reason)")
        else:
            out.print(Text.assemble(("✓ ", "green"), "nothing found"))
    raise typer.Exit(CHECKS_FAILED if findings else 0)


@app.command()
def sync(
    check_only: Annotated[
        bool, typer.Option("--check", help="write nothing; fail if something would change")
    ] = False,
) -> None:
    """Write the stubs in src/ from the reference in solutions/."""
    from autograder import sync as stubs

    project = _project()
    if check_only:
        messages = stubs.differences(project.root)
        for message in messages:
            out.print(f"{message}: run course sync")
        raise typer.Exit(CHECKS_FAILED if messages else 0)
    for path in stubs.sync(project.root):
        out.print(f"wrote {path.relative_to(project.root)}")


@app.command()
def release(
    folder: Annotated[Path, typer.Option("--to", help="empty, or an earlier release")],
    with_book: Annotated[bool, typer.Option("--book", help="put the class edition in")] = False,
) -> None:
    """Write the students' repository: stubs, visible tests, assignments, and no answer."""
    from autograder import book as press
    from autograder.release import release as write

    project = _project()
    pages = press.build(project.root, "class") if with_book else None
    manifest = write(project, folder, pages)
    out.print(f"release {manifest.version}: {len(manifest.files)} files in {folder}")


@app.command()
def book(
    serve: Annotated[
        bool, typer.Option("--serve", help="then serve it on localhost, with your progress")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="serve it from its sources; saved pages show at once")
    ] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help="also print the whole book to a PDF")] = False,
    edition: Annotated[
        str, typer.Option(help="class (no solutions) or self-study (solutions folded in)")
    ] = "class",
    port: Annotated[int, typer.Option(help="port for --serve and --watch")] = 8000,
    base_url: Annotated[
        str, typer.Option(envvar="BASE_URL", help="path below which it will be served: /course")
    ] = "",
) -> None:
    """Build the book; read it, write it, or print it."""
    from autograder import book as press

    project = _project()
    if watch:
        from autograder.serving import serve_live

        serve_live(project, port, edition, base_url)
        return
    folder = press.build(project.root, edition, base_url)
    out.print(f"the book is in {folder}")
    if pdf:
        from autograder.printing import print_book

        file = project.root / "build" / f"book-{edition}.pdf"
        pages = print_book(folder, edition, file)
        out.print(f"the same on paper: {file} ({pages} pages)")
    if serve:
        from autograder.serving import serve as serve_site

        serve_site(project, folder, port, base_url)


notebook = typer.Typer(no_args_is_help=True)
app.add_typer(notebook, name="notebook", help="Run, normalise or check the book's notebooks.")
Pages = Annotated[list[str] | None, typer.Argument(metavar="[PAGE]...", help="default: all")]


@notebook.command("run")
def notebook_run(pages: Pages = None) -> None:
    """Run notebooks with the reference, and store what they print and draw."""
    from autograder import notebooks

    root = _project().root
    _each_notebook(pages, lambda path: notebooks.run(path, root), "stored")


@notebook.command()
def normalise(
    pages: Pages = None,
    check_only: Annotated[
        bool, typer.Option("--check", help="write nothing; fail if something would change")
    ] = False,
) -> None:
    """Store outputs in one plain form, without running anything."""
    from autograder import notebooks

    step = notebooks.differences if check_only else notebooks.normalise_file
    _each_notebook(pages, step, "normalised")


@notebook.command("check")
def notebook_check(pages: Pages = None) -> None:
    """Run notebooks again: every cell must work, and checked cells print what is stored."""
    from autograder import notebooks

    root = _project().root
    _each_notebook(pages, lambda path: notebooks.rerun(path, root), "gives what is stored")


def _each_notebook(pages: list[str] | None, step: "Callable[[Path], list[str]]", done: str) -> None:
    from autograder import notebooks

    paths = notebooks.find(_project().root, pages or [])
    broken = False
    for path in paths:
        with err.status(path.name):
            found = step(path)
        broken |= bool(found)
        sign, words = (("✗ ", "red"), "") if found else (("✓ ", "green"), f": {done}")
        out.print(Text.assemble(sign, path.name, words))
        for fault in found:
            out.print(Text(f"    {fault}"), soft_wrap=True)
    raise typer.Exit(CHECKS_FAILED if broken else 0)


# --- Shared ---------------------------------------------------------------------------------------


def _all_passed(report: "Report") -> bool:
    from autograder.results import Outcome

    exercises = [e for s in report.submissions for e in s.exercises]
    return all(e.outcome is Outcome.PASSED for e in exercises if not e.stretch)


def _print_json(value: object) -> None:
    import msgspec

    typer.echo(msgspec.json.format(msgspec.json.encode(value)).decode())


@contextmanager
def _progress_bar(what: str, total: int | None = None, hidden: bool = False) -> "Iterator[Any]":
    """A bar on the terminal's error stream that is gone when the work is done."""
    from rich.progress import Progress

    with Progress(console=err, transient=True, disable=hidden or not err.is_terminal) as bar:
        task = bar.add_task(what, total=total)
        yield lambda *_: bar.advance(task)


# A terminal that goes away ends the command as Ctrl-C does.
signal.signal(signal.SIGTERM, signal.default_int_handler)
