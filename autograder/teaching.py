"""The commands of instructors and authors; those of students are in cli.py.

Imports that cost time stand inside the functions: `course --help` must answer at once.
"""

import errno
import itertools
import os
import secrets
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from autograder.gradebook import commands as gradebook
from autograder.terminal import (
    CHECKS_FAILED,
    REFUSED,
    AsJson,
    Names,
    current_project,
    err,
    out,
    print_json,
    progress_bar,
    submissions_at,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from autograder.catalog import Exercise
    from autograder.export import Platform
    from autograder.grade import Hire
    from autograder.project import Project
    from autograder.proofs import Proof
    from autograder.results import Report

app = typer.Typer()
app.add_typer(gradebook.app, name="gradebook", help="One gradebook for package and notebooks.")


Scheduler = Annotated[
    str, typer.Option(metavar="ADDRESS", help="of Dask: its workers do it (docs/scale.md)")
]


@app.command()
def grade(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="submissions")],
    only: Annotated[
        list[str] | None, typer.Option(help="grade only this exercise or chapter")
    ] = None,
    out_folder: Annotated[
        Path, typer.Option("--out", help="where the feedback pages and result files go")
    ] = Path("build/feedback"),
    jobs: Annotated[int, typer.Option(min=1, help="submissions at a time")] = os.cpu_count() or 1,
    scheduler: Scheduler = "",
    unsafe: Annotated[
        bool, typer.Option("--unsafe", help="run without isolation: only code that you trust")
    ] = False,
    seed: Annotated[int | None, typer.Option(help="replay a run with its seed")] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="grade again what has not changed since it was graded")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Grade submissions with the hidden tests: folders, archives, or a folder of them.

    What an earlier run into the same folder has graded is kept, unless something has changed.
    """
    from autograder import grade as grading
    from autograder import reports
    from autograder.journal import Journal, Wanted
    from autograder.results import Report, SubmissionResult, weakest
    from autograder.sync import naming

    project = current_project()
    exercises = project.catalog.select(only or [])
    submissions = submissions_at(paths)
    if out_folder.is_file():
        raise NotADirectoryError(errno.ENOTDIR, "a file; --out needs a folder", str(out_folder))
    with naming(out_folder):
        out_folder.mkdir(parents=True, exist_ok=True)
    ids = [exercise.id for exercise in exercises]
    wanted = Wanted(project.rules_digest(), ids, seed, unsafe, fresh)
    # Inputs are drawn anew in each run, so that no table of answers fits.
    drawn = secrets.randbelow(2**31) if seed is None else seed
    if scheduler:
        isolation, hire = "", _cluster(project, scheduler, unsafe)
    else:
        isolation, hire = proven_isolation(project, unsafe), grading.hire(project, jobs)
    with Journal(out_folder / "finished.jsonl", wanted) as journal:
        with progress_bar("grading", len(submissions), hidden=as_json) as step:

            def is_known(number: int, name: str, digest: str) -> bool:
                if known := journal.recall(number, name, digest):
                    step.skip()
                return known

            def keep(number: int, result: SubmissionResult) -> None:
                """Whatever happens to the rest of the run, this one is on the disk."""
                if result.digest:
                    result.isolation = result.isolation or isolation
                journal.keep(number, result)
                step()

            grading.grade_each(project, submissions, exercises, drawn, keep, hire, is_known)
        results = journal.results([path.name for path in submissions])
        changes = list(journal.changes(results))
    isolation = weakest([isolation, *(result.isolation for result in results)])
    seeds = {result.seed for result in results if result.seed is not None} or {drawn}
    only_seed = drawn if len(seeds) > 1 else min(seeds)
    report = Report(isolation, only_seed, results, suite=project.suite_digest())
    _write_run(report, project, out_folder, as_json)
    if as_json:
        return
    if changes:
        reports.print_changes(out, changes)
    if journal.taken:
        out.print(
            f"not again      {journal.taken} with files that were graded already (--fresh: anew)"
        )
    if len(seeds) == 1:
        out.print(f"again          the same inputs: --seed {report.seed}")
    else:
        out.print("again          the same inputs: --seed with a submission's seed in results.json")


def _cluster(project: "Project", scheduler: str, unsafe: bool, device: str = "") -> "Hire":
    from autograder.cluster import hire

    def warn(message: str) -> None:
        err.print(Text(f"⚠ {message}", "yellow"), soft_wrap=True)

    return hire(project, scheduler, unsafe, device, warn)


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


def proven_isolation(project: "Project", unsafe: bool, key: Path | None = None) -> str:
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
    only: Annotated[
        list[str] | None, typer.Option(help="run only this exercise or chapter")
    ] = None,
    out_file: Annotated[Path, typer.Option("--out", help="where the signed results go")] = Path(
        "build/gpu.json"
    ),
    seed: Annotated[int | None, typer.Option(help="replay a run with its seed")] = None,
    device: Annotated[str, typer.Option(help="auto, or cuda, xpu, …")] = "auto",
    scheduler: Scheduler = "",
    unsafe: Annotated[
        bool, typer.Option("--unsafe", help="run without isolation: only code that you trust")
    ] = False,
    rehearse: Rehearse = False,
) -> None:
    """Run the hidden tests that need a GPU, on this machine's, and sign what they say."""
    from autograder import gpu as graphics
    from autograder.reports.words import line
    from autograder.sync import write_text

    project = current_project()
    exercises = project.catalog.select(only or [])
    submissions = submissions_at(paths)
    signing_key = graphics.read_key(key_file)
    seed = secrets.randbelow(2**31) if seed is None else seed
    isolation, elsewhere = "", None
    if scheduler:
        found = graphics.REHEARSAL if rehearse else graphics.Device(device, "")
        elsewhere = _cluster(project, scheduler, unsafe, found.type)
    else:
        found = graphics.REHEARSAL if rehearse else graphics.find_device(device)
        isolation = proven_isolation(project, unsafe, key_file)
    with progress_bar("on the GPU", len(submissions)) as step:
        done = graphics.run(
            project, submissions, exercises, seed, found, isolation, step, elsewhere
        )
    write_text(out_file, graphics.sealed(done, signing_key))
    for part in done.submissions:
        if part.message:
            err.print(Text(f"! {line(part.name)}: {line(part.message)}", "red"))
    out.print(f"wrote {out_file}: {len(done.submissions)} submissions on {done.device}")
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

    project = current_project()
    before = report = read_report(results)
    signing_key = graphics.read_key(key_file)
    for file in files:
        run = graphics.unsealed(file, signing_key)
        if run.is_rehearsal and not rehearse:
            raise graphics.GpuError(f"{file} is a rehearsal on the CPU, which gives no points")
        report = graphics.merge(report, run, project.catalog)
    _write_run(report, project, out_folder or results.parent, as_json)
    if not as_json:
        reports.print_changes(out, zip(before.submissions, report.submissions, strict=True))


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

    count = write_autograder(current_project(), to, visibility)
    out.print(f"wrote {to}: {count} files; upload it as the assignment's autograder")


@app.command()
def verify(
    names: Names = None,
    as_json: AsJson = False,
    quick: Annotated[bool, typer.Option(help="one seed, and nothing in boxes")] = False,
    seeds: Annotated[int, typer.Option(min=2, help="runs of right answers, each anew")] = 5,
    jobs: Annotated[int, typer.Option(min=1, help="exercises at a time")] = os.cpu_count() or 1,
    mutants: Annotated[
        bool, typer.Option("--mutants", help="also with operator mutants of the reference")
    ] = False,
    sample: Annotated[
        int, typer.Option(min=0, help="only so many mutants of each exercise; 0: all")
    ] = 0,
    sample_seed: Annotated[
        int | None, typer.Option(help="the same mutants and exercises drawn; default: the date")
    ] = None,
    changed: Annotated[
        bool,
        typer.Option("--changed", help="what the record lacks; to see, one more of each chapter"),
    ] = False,
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
    from autograder.verify import name_again
    from autograder.verify import verify as prove

    if record and (quick or sample or not mutants):
        advice = "use it with --mutants, not --quick, without --sample"
        raise typer.BadParameter(f"the book shows all figures: {advice}")
    project = current_project()
    exercises = project.catalog.select(names or [])
    if sample_seed is None:
        sample_seed = int(f"{date.today():%Y%m%d}")
    chosen = Sample(sample, sample_seed) if mutants or sample else None
    untold: list[Exercise] = []
    if changed:
        due = proven.stale(project.root, project.catalog, exercises)
        if record:
            others = [e for e in exercises if e not in due]
            untold = proven.untold(project.root, project.catalog, others)
            err.print(f"in the record but for what names mistakes: {len(untold)}")
        drawn = [] if record else proven.drawn(project.catalog, exercises, due, sample_seed)
        exercises = [e for e in exercises if e in due or e in drawn]
        err.print(f"not in the record as they are: {len(due)}; drawn beside them: {len(drawn)}")
    proofs = []
    with (
        progress_bar("proving", len(exercises) + len(untold), hidden=as_json) as step,
        # Broken off here, the examiners must end at once, not when the interpreter does.
        closing(prove(project, exercises, jobs, 1 if quick else seeds, chosen, fresh)) as found,
        closing(name_again(project, untold, jobs)) as told,
    ):
        for proof in itertools.chain(found, told):
            proofs.append(proof)
            if record and not proof.problems:
                proven.record(project.root, project.catalog, [proof])
            step()
    if record:
        good = [proof for proof in proofs if not proof.problems]
        what = f"{len(good)} of {len(proofs)} exercises in {proven.RECORD}"
        err.print(f"recorded {what}", soft_wrap=True)
    if as_json:
        print_json(proven.Proofs(proofs))
    else:
        _print_proofs(proofs)
        if changed or (chosen and chosen.size):
            out.print(f"the same ones drawn again: --sample-seed {sample_seed}")
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

    project = current_project()
    exercises = project.catalog.select(names or [])
    chapters = {project.catalog.chapter_of(exercise).number for exercise in exercises}
    findings = []
    with progress_bar("reading and running tests", len(chapters), hidden=as_json) as step:
        for found in lint(project, exercises, jobs):
            findings += found
            step()
    if as_json:
        print_json({"schema": 1, "findings": findings})
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

    project = current_project()
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

    project = current_project()
    pages = press.build(project.root, "class") if with_book else None
    manifest = write(project, folder, pages)
    out.print(f"release {manifest.version}: {len(manifest.files)} files in {folder}")


@app.command()
def similarity(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="submissions")],
    out_folder: Annotated[Path, typer.Option("--out", help="where the pages go")] = Path(
        "build/similarity"
    ),
    threshold: Annotated[
        float | None, typer.Option(min=0, help="list pairs with at least so much evidence")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Find similar code in different submissions, to be read side by side. No verdict."""
    from autograder.reports.similarity import to_data, write_similarity
    from autograder.reports.words import line
    from autograder.similarity import THRESHOLD, compare, known_to_all, read
    from autograder.submission import SubmissionError

    project = current_project()
    submissions = submissions_at(paths)
    works, unread = [], []
    with progress_bar("reading", len(submissions), hidden=as_json) as step:
        for path in submissions:
            try:
                works.append(read(path))
            except SubmissionError as error:
                unread.append((path.name, str(error)))
            step()
    with err.status("comparing"):
        found = compare(works, known_to_all(project), THRESHOLD if threshold is None else threshold)
        found.unread = unread
        index = write_similarity(found, out_folder)
    if as_json:
        print_json(to_data(found))
        return
    for pair in found.pairs[:10]:
        first, second = (line(found.names[member]) for member in pair.members)
        out.print(Text(f"{pair.evidence:6.0f}  {first} and {second}"), soft_wrap=True)
    out.print(
        f"{found.above} of {len(works) * (len(works) - 1) // 2} pairs have evidence of "
        f"{found.threshold:g} or more; half have {found.typical[0]:.1f} or less"
    )
    for name, message in unread:
        text = f"not compared: {line(name)}: {line(message)}"
        out.print(Text(text, "yellow"), soft_wrap=True)
    out.print(f"No verdict: read both sides before you ask anybody.\nread           {index}")


@app.command()
def leaderboard(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="submissions")],
    text: Annotated[Path, typer.Option(help="a text that no student has; the end is predicted")],
    out_folder: Annotated[Path, typer.Option("--out", help="where the page goes")] = Path(
        "build/leaderboard"
    ),
    unsafe: Annotated[
        bool, typer.Option("--unsafe", help="run without isolation: only code that you trust")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Measure how few bits per byte students' own language models need, at a fixed budget."""
    from autograder.leaderboard import measure_all, split
    from autograder.reports.html import template, write_page
    from autograder.reports.words import line

    project = current_project()
    content = text.read_bytes()
    split(content)  # says what is wrong with it before anything starts
    submissions = submissions_at(paths)
    isolation = proven_isolation(project, unsafe)
    with progress_bar("measuring", len(submissions), hidden=as_json) as step:
        board = measure_all(project.root, submissions, content, isolation, step)
    page = template("leaderboard").render(board=board)
    index = write_page(out_folder / "index.html", page)
    if as_json:
        print_json(board)
        return
    for entry in board.entries:
        bits = "     –" if entry.bits is None else f"{entry.bits:6.3f}"
        out.print(Text(f"{bits}  {line(entry.name)}  {line(entry.message)}"), soft_wrap=True)
    out.print(f"without an entry: {board.absent}\npage   {index}")


notebook = typer.Typer(no_args_is_help=True)
app.add_typer(notebook, name="notebook", help="Run, normalise or check the book's notebooks.")
Pages = Annotated[list[str] | None, typer.Argument(metavar="[PAGE]...", help="default: all")]


@notebook.command("run")
def notebook_run(pages: Pages = None) -> None:
    """Run notebooks with the reference, and store what they print and draw."""
    from autograder import notebooks

    root = current_project().root
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
def notebook_check(
    pages: Pages = None,
    jobs: Annotated[int, typer.Option(min=1, help="pages at a time")] = os.cpu_count() or 1,
) -> None:
    """Run notebooks again: every cell must work, and checked cells print what is stored."""
    from autograder import notebooks

    root = current_project().root
    _each_notebook(pages, lambda path: notebooks.rerun(path, root), "gives what is stored", jobs)


def _each_notebook(
    pages: list[str] | None, step: "Callable[[Path], list[str]]", done: str, jobs: int = 1
) -> None:
    from autograder import notebooks

    paths = notebooks.find(current_project().root, pages or [])
    broken = False
    pool = ThreadPoolExecutor(jobs)
    try:
        steps = pool.map(step, paths) if jobs > 1 else map(step, paths)
        for path in paths:
            with err.status(path.name):
                found = next(steps)
            broken |= bool(found)
            sign, words = (("✗ ", "red"), "") if found else (("✓ ", "green"), f": {done}")
            out.print(Text.assemble(sign, path.name, words))
            for fault in found:
                out.print(Text(f"    {fault}"), soft_wrap=True)
    finally:
        pool.shutdown(cancel_futures=True)
    raise typer.Exit(CHECKS_FAILED if broken else 0)
