"""Nothing hidden reaches a student: what grading really writes for them is searched for it.

Searched for are the lines of the hidden tests, the solutions and the known mistakes; inputs and
answers of the tests that failed, whole and in pieces, and what the code printed in them; the seed;
folders of this machine; the names of other submissions.
"""

import ast
import io
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
from rich.console import Console

from autograder import reports, results
from autograder.examiner import Target, examine
from autograder.grade import grade_one
from autograder.project import Project
from autograder.results import (
    Mismatch,
    Outcome,
    Report,
    SubmissionResult,
    TestResult,
    score_exercise,
    score_submission,
    student_report,
    to_json,
)
from autograder.submission import read_submission

# One worker, so that the submissions are graded once.

pytestmark = pytest.mark.slow  # submissions that are wrong everywhere are graded

ROOT = Path(__file__).parents[1]
SECRET = [*(f"autograder/{name}" for name in ("hidden", "mistakes", "alternatives")), "solutions"]
SEED = 7310987654321
PIECE = 20  # characters of an input or an answer that are no coincidence
LINE = 25  # characters of a line of code that are no coincidence

IDS = [
    *("ngrams.build_vocabulary", "ngrams.sentence_logprob", "ngrams.continuation_counts"),
    *("ngrams.modified_discounts", "ngrams.prune", "ngrams.write_arpa"),
]
MISTAKES = [
    *("continuation_counts/adds_up_the_counts", "modified_discounts/clamped_to_the_bounds"),
    "write_arpa/begin_marker_is_certain",
]

# What code does that has seen a hidden input and wants its author to read it: one for each of IDS.
SMUGGLERS = [
    "raise ValueError(f'secret: {args}')",
    "raise type(f'{args}', (Exception,), {})('x')",
    "print('secret', args); sys.stderr.write(str(args)); raise KeyError(str(args))",
    "os._exit(sum(map(ord, repr(args))) % 200)",
    "exec(compile('raise ValueError', f'{args}', 'exec'))",
    "raise NotImplementedError(f'{args}')",
]


# --- What is secret ---------------------------------------------------------------------------


def normal(text: str) -> str:
    """The text with its white space evened out, so that no indentation or wrapping hides it."""
    return " ".join(text.split())


def pieces(text: str, size: int = PIECE) -> set[str]:
    """Every stretch of `size` characters; of a shorter text nothing."""
    return {text[i : i + size] for i in range(len(text) - size + 1)}


def sources(*folders: str) -> Iterator[str]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".py", ".toml"):
                yield path.read_text("utf-8")


def docstrings(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module):
            yield ast.get_docstring(node) or ""


@cache
def public_text() -> str:
    """What every student has: stubs, catalog and visible tests, and what feedback is made of."""
    properties = [d.partition("\n")[0] for s in sources("autograder/hidden") for d in docstrings(s)]
    causes = [doc for source in sources("autograder/mistakes") for doc in docstrings(source)]
    given = [*sources("src", "exercises"), "src/langmodels/ngrams.py", *properties, *causes]
    return normal(" ".join(given))


class Secrets:
    """What one student must not read."""

    def __init__(self, own: str, instructor: Iterable[TestResult], others: Iterable[str]) -> None:
        public = f"{public_text()} {normal(own)}"
        lines = {normal(line) for source in sources(*SECRET) for line in source.splitlines()}
        self.lines = {li for li in lines if len(li) > LINE and li.strip('"') not in public}
        self.values: set[str] = set()
        for test in instructor:
            texts = [test.log]
            if seen := test.mismatch:
                texts.append(seen.given)
                if test.outcome is Outcome.WRONG:  # else the rest are sentences of ours
                    texts += [seen.expected, seen.got, seen.where]
            self.values |= {normal(text) for text in texts}
        known = pieces(public)
        self.pieces = set[str]().union(*map(pieces, self.values)) - known
        self.values = {v for v in self.values if PIECE > len(v) > 5 and v not in public}
        folders = [ROOT, Path.home(), tempfile.gettempdir(), sys.prefix, sys.base_prefix]
        self.paths = {str(path) for path in folders if len(str(path)) > 1}
        self.others = set(others)

    def found_in(self, text: str) -> list[str]:
        """What of it the text tells, each as "kind: what"."""
        text = normal(text)
        kinds = {
            "line": (li for li in self.lines if li in text),
            "value": (value for value in self.values if value in text),
            "piece": self.pieces & pieces(text),
            "seed": (seed for seed in [str(SEED)] if seed in text),
            "path": (path for path in self.paths if path in text),
            "other": (name for name in self.others if name in text),
        }
        return [f"{kind}: {what}" for kind, found in kinds.items() for what in found]


# --- What a student gets ----------------------------------------------------------------------


class Content(HTMLParser):
    """Everything that an HTML file says: text, attributes, comments."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts += [value for _, value in attrs if value]

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    handle_comment = handle_data


def strings(value: object) -> Iterator[str]:
    match value:
        case dict():
            for item in value.values():
                yield from strings(item)
        case list():
            for item in value:
                yield from strings(item)
        case _:
            yield str(value)


def handed_out(
    report: Report, submission: SubmissionResult, catalog: object, folder: Path
) -> dict[str, str]:
    """Every text that the student of this submission gets, by name."""
    reports.write_pages(report, catalog, folder)  # type: ignore[arg-type]
    html = (folder / reports.page_name(submission.name)).read_text("utf-8")
    text = to_json(results.student_report(report, submission))
    terminal = io.StringIO()
    reports.print_check(Console(file=terminal, width=10**4), submission, catalog)  # type: ignore[arg-type]
    return {
        "HTML": html,
        "text of the HTML": " ".join(Content(html).parts),
        "JSON": text,
        "text of the JSON": " ".join(strings(msgspec.json.decode(text))),
        "terminal": terminal.getvalue(),
    }


# --- Real submissions, really graded ----------------------------------------------------------


def everything_wrong(complete: str) -> str:
    """A known mistake in half of IDS."""
    for mistake in MISTAKES:
        text = (ROOT / "autograder" / "mistakes" / "ngrams" / f"{mistake}.py").read_text("utf-8")
        complete += text.partition("import *")[2]
    return complete


def smuggler(complete: str) -> str:
    """Code that writes its inputs wherever it can."""
    text = f"{complete}\n\nimport os, sys\n"
    for id, body in zip(IDS, SMUGGLERS, strict=True):
        text += f"\n\ndef {id.partition('.')[2]}(*args, **kwargs):\n    {body}\n"
    return text


@pytest.fixture(scope="module")
def contents(complete: str) -> dict[str, str]:
    """Name of a submission → its ngrams.py; no text stands for what is no submission."""
    tells = "import os, sys\nraise RuntimeError(f'{os.getcwd()} {os.environ} {sys.path}')\n"
    return {
        "all-wrong-anna": everything_wrong(complete),
        "smuggler-berta": smuggler(complete),
        "telltale-carla": tells,
        "unparsed-dora": "def count_ngrams(:\n",
        "essay-of-emil.zip": "",
    }


@pytest.fixture(scope="module")
def paths(contents: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("submissions")
    for name, text in contents.items():
        if text:
            (folder / name / "langmodels").mkdir(parents=True)
            (folder / name / "langmodels" / "ngrams.py").write_text(text, "utf-8")
        else:
            (folder / name).write_bytes(b"PK\x05\x06 is how an empty archive begins")
    return [folder / name for name in contents]


@pytest.fixture(scope="module")
def report(paths: list[Path], contents: dict[str, str]) -> Report:
    """The instructor's report of all of them, and of one on which the grader failed."""
    graded = [grade_one(ROOT, path, IDS, SEED) for path in paths]
    source = next(sources("autograder/hidden"))
    failure = f"the grader failed: RuntimeError: the suite does not run in {ROOT}:\n{source}"
    fault = TestResult("submission", Outcome.GRADER_FAULT, failure)
    exercises = [score_exercise(id, 1, False, [fault]) for id in IDS]
    graded.append(score_submission("faulty-fanny", exercises, failure))
    return Report("standard: landlock, seccomp, rlimits", SEED, graded)


def told(test: TestResult) -> list[str]:
    seen = test.mismatch
    return [test.message, *([seen.given, seen.expected, seen.got, seen.where] if seen else [])]


def all_tests(submission: SubmissionResult) -> list[TestResult]:
    return [test for exercise in submission.exercises for test in exercise.tests]


@pytest.fixture(scope="module")
def public(paths: list[Path], project: Project) -> dict[str, str]:
    """Name of a submission → what the tests that every student has say of it."""
    targets = [
        Target(path.name, read_submission(path), own_needs=False) for path in paths if path.is_dir()
    ]
    chosen = project.catalog.select(IDS)
    found = examine(targets, chosen, project.visible, project.catalog, ROOT)
    return {
        name: " ".join(text for tests in exercises.values() for t in tests for text in told(t))
        for name, exercises in found.results.items()
    }


@pytest.fixture(scope="module")
def secrets(report: Report, contents: dict[str, str], public: dict[str, str]) -> dict[str, Secrets]:
    """Name of a submission → what its student must not read."""
    names = {submission.name for submission in report.submissions}
    return {
        s.name: Secrets(
            contents.get(s.name, "") + public.get(s.name, ""), all_tests(s), names - {s.name}
        )
        for s in report.submissions
    }


# --- Nothing leaks ----------------------------------------------------------------------------


def test_there_is_something_to_hide(report: Report, secrets: dict[str, Secrets]) -> None:
    """The check below would be worth nothing if there were nothing that it could find."""
    anna, berta, *_ = report.submissions
    assert [e.outcome for e in anna.exercises].count(Outcome.WRONG) == len(MISTAKES)
    assert any(test.misconception for test in all_tests(anna))
    assert all(e.example for e in anna.exercises if e.outcome is Outcome.WRONG)
    assert any("secret" in test.log for test in all_tests(berta))
    assert len(secrets[anna.name].lines) > 300
    assert len(secrets[anna.name].pieces) > 300
    assert len(secrets[berta.name].pieces) > 300
    assert secrets[anna.name].values


def test_nothing_hidden_is_handed_out(
    report: Report, secrets: dict[str, Secrets], project, tmp_path: Path
) -> None:
    for submission in report.submissions:
        for name, text in handed_out(report, submission, project.catalog, tmp_path).items():
            found = secrets[submission.name].found_in(text)
            assert not found, f"{name} of {submission.name}"


def test_nothing_hidden_is_in_what_ci_shows(report: Report, secrets: dict[str, Secrets]) -> None:
    for name, text in (
        ("JUnit", reports.to_junit(report)),
        ("Markdown", reports.to_markdown(report)),
        ("CSV", reports.to_csv(report)),
    ):
        for secret in secrets.values():
            found = [what for what in secret.found_in(text) if not what.startswith("other: ")]
            assert not found, name


def test_feedback_does_not_depend_on_hidden_inputs(report: Report, paths: list[Path]) -> None:
    """Of code that tries to tell them, the same words come back whatever the inputs were."""
    _, berta, *_ = report.submissions
    again = grade_one(ROOT, paths[1], IDS, SEED + 1)
    assert [t.log for t in all_tests(again)] != [t.log for t in all_tests(berta)]
    assert to_json(student_report(report, again)) == to_json(student_report(report, berta))


# --- A leak is found --------------------------------------------------------------------------


def replaced(**fields: object) -> Callable[[TestResult], TestResult]:
    return lambda test: msgspec.structs.replace(test, mismatch=None, log="", **fields)


def quoting(text: Callable[[Mismatch], str]) -> Callable[[TestResult], TestResult]:
    """A report that lets one field of what failed slip into its message."""
    return lambda test: replaced(message=text(test.mismatch) if test.mismatch else "m")(test)


A_LINE = "        expected = Counter((word,) for sentence in sentences for word in sentence)"
LEAKS = {
    "everything": lambda test: test,
    "the input": quoting(lambda seen: seen.given),
    "a part of the input": quoting(lambda seen: f"see {seen.given[len(seen.given) // 2 :][:40]}"),
    "the answer": quoting(lambda seen: f"it is not {seen.expected}"),
    "a line of a test": replaced(message=f"at {A_LINE.strip()}"),
    "a line, indented otherwise": replaced(message=A_LINE.replace(" ", "\t", 8)),
    "a folder": replaced(message=f"{ROOT}/autograder/hidden/01-ngrams/test_counting.py"),
    "a temporary folder": replaced(message=f"{tempfile.gettempdir()}/course-abc/x.py, line 1"),
    "a neighbour": replaced(message="the same mistake as smuggler-berta"),
    "the seed": replaced(message=f"replay with --seed {SEED}"),
    "in a misconception": replaced(misconception=A_LINE),
    "in a flag of the box": replaced(attempts=[f"{ROOT}"]),
}


@pytest.mark.parametrize("leak", LEAKS.values(), ids=LEAKS)
def test_a_leak_is_found(
    leak: Callable[[TestResult], TestResult],
    report: Report,
    secrets: dict[str, Secrets],
    project,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(results, "_public", leak)
    anna = report.submissions[0]
    texts = handed_out(report, anna, project.catalog, tmp_path)
    found = {name for name, text in texts.items() if secrets[anna.name].found_in(text)}
    assert {"text of the HTML", "text of the JSON"} <= found


def test_a_leak_of_the_run_is_found(
    report: Report,
    secrets: dict[str, Secrets],
    project,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The seed, and who else was graded."""
    monkeypatch.setattr(results, "student_report", lambda report, _: report)
    monkeypatch.setattr(
        "autograder.reports.html.student_report",
        lambda report, own: msgspec.structs.replace(report, submissions=[own]),
    )
    anna = report.submissions[0]
    texts = handed_out(report, anna, project.catalog, tmp_path)
    told = {name: " ".join(secrets[anna.name].found_in(text)) for name, text in texts.items()}
    assert "seed: " in told["HTML"] and "seed: " in told["JSON"]
    assert "other: " in told["JSON"]
