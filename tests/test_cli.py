"""The command line: exit codes, one sentence for each misuse, and JSON that is only JSON."""

import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from rich.console import Console
from typer.testing import CliRunner

from autograder import box, teaching
from autograder.cli import app
from autograder.proofs import Feedback, Mutants, Proof, Share

COURSE = str(Path(sys.executable).with_name("course"))


def course(*arguments, cwd, **options):
    return subprocess.run(
        [COURSE, *arguments], cwd=cwd, capture_output=True, text=True, timeout=300, **options
    )


@pytest.fixture
def repository(project, tmp_path):
    """A repository of one's own, with stubs in src/."""
    root = tmp_path / "course"
    shutil.copytree(project.root / "exercises", root / "exercises")
    shutil.copytree(project.root / "src", root / "src")
    shutil.copytree(project.root / "solutions", root / "solutions")
    return root


def test_help_needs_nothing_heavy(project):
    """What makes a start slow is importing; --help must do without it."""
    code = (
        "import sys; sys.argv = ['course', '--help']\n"
        "from autograder import cli\n"
        "try: cli.main()\n"
        "except SystemExit: pass\n"
        "print(sorted({'pytest', 'numpy', 'torch', 'libcst', 'jinja2'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.slow  # every exercise of the course
def test_fresh_stubs_are_not_started_and_the_first_step_is_named(repository):
    done = course("check", "ngrams", cwd=repository)
    assert done.returncode == 1
    assert "Nothing started yet" in done.stdout
    assert "course check ngrams.count_ngrams" in done.stdout
    report = json.loads(course("check", "--json", cwd=repository).stdout)
    outcomes = {e["outcome"] for s in report["submissions"] for e in s["exercises"]}
    assert outcomes == {"not_started"}


def test_a_wrong_answer_is_diagnosed_without_a_dump(repository, project):
    module = repository / "src/langmodels/ngrams.py"
    mistake = project.root / "autograder/mistakes/ngrams/count_ngrams/no_end_marker.py"
    body = mistake.read_text("utf-8").partition("import *")[2]
    module.write_text(module.read_text("utf-8") + body, "utf-8")
    stub = module.read_text("utf-8").replace('raise NotImplementedError("ngrams.count_ngrams")', "")
    module.write_text(stub, "utf-8")
    done = course("check", "ngrams.count_ngrams", cwd=repository)
    assert done.returncode == 1
    for part in ("count_ngrams([", "expected", "got", "course hint ngrams.count_ngrams"):
        assert part in done.stdout, part
    for dump in ("Traceback", "MismatchError", ".py:", "assert "):
        assert dump not in done.stdout, dump


def test_the_misconception_is_named_where_the_library_is_at_hand(project, submit, complete):
    from autograder.grade import grade_one
    from autograder.samples import replace_function

    path = project.root / "autograder/mistakes/ngrams/count_ngrams/no_end_marker.py"
    wrong = replace_function(complete, path.read_text("utf-8"))
    result = grade_one(project.root, submit(wrong), ["ngrams.count_ngrams"], seed=1)
    named = {test.misconception for test in result.exercises[0].tests if test.outcome == "wrong"}
    assert len(named) == 1
    assert named.pop().startswith("The end of the sentence is not counted.")


def test_a_solved_exercise_passes_and_status_remembers_it(repository, complete):
    (repository / "src/langmodels/ngrams.py").write_text(complete, "utf-8")
    done = course("check", "ngrams.count_ngrams", cwd=repository)
    assert done.returncode == 0, done.stdout
    status = json.loads(course("status", "--json", cwd=repository).stdout)
    first = status["exercises"][0]
    assert (first["id"], first["outcome"]) == ("ngrams.count_ngrams", "passed")
    assert status["next"] == status["exercises"][1]["id"]


def test_an_unknown_exercise_suggests_the_nearest(repository):
    for command in ("check", "hint", "reset", "verify"):
        done = course(command, "ngrams.count_ngram", cwd=repository)
        assert done.returncode == 2
        assert "did you mean ngrams.count_ngrams?" in done.stderr


def test_a_chapter_is_no_exercise_to_reset_or_to_give_a_hint_on(repository, complete):
    module = repository / "src/langmodels/ngrams.py"
    module.write_text(complete, "utf-8")
    for command in ("hint", "reset"):
        for name in ("ngrams", "1", "01-ngrams"):
            done = course(command, name, cwd=repository)
            assert done.returncode == 2
            assert f"'{name}' is a chapter; name one of its exercises" in done.stderr
    assert module.read_text("utf-8") == complete


def test_outside_a_repository_every_command_says_so(tmp_path):
    for command in ("status", "check", "doctor", "verify", "sync", "book"):
        done = course(command, cwd=tmp_path)
        assert done.returncode == 2
        assert "is not inside a repository of the course" in " ".join(done.stderr.split())
        assert "Traceback" not in done.stderr


def test_a_typo_in_the_catalog_names_file_and_line(repository):
    path = repository / "exercises/01-ngrams/exercises.toml"
    path.write_text(path.read_text("utf-8").replace("minutes =", "minuets =", 1), "utf-8")
    done = course("status", cwd=repository)
    assert done.returncode == 2
    line = next(n for n, t in enumerate(path.read_text("utf-8").splitlines(), 1) if "minuets" in t)
    assert f"exercises.toml, line {line}" in "".join(done.stderr.split("\n"))


def test_hints_come_one_at_a_time(repository):
    first = course("hint", "ngrams.count_ngrams", cwd=repository).stdout
    second = course("hint", "ngrams.count_ngrams", cwd=repository).stdout
    assert "Hint 1 of 3" in first
    assert "Hint 2 of 3" not in first
    assert "Hint 2 of 3" in second


def test_a_module_that_is_gone_is_said_to_be_gone_and_comes_back(repository):
    module = repository / "src/langmodels/ngrams.py"
    stub = module.read_text("utf-8")
    module.unlink()
    done = " ".join(course("check", "ngrams.count_ngrams", cwd=repository).stdout.split())
    assert "there is no ngrams.py: course reset ngrams.count_ngrams brings its stubs back" in done
    assert "not installed" not in done
    assert course("reset", "ngrams.count_ngrams", cwd=repository).returncode == 0
    assert module.read_text("utf-8") == stub


def test_a_function_that_is_gone_is_told_once(repository, complete):
    module = repository / "src/langmodels/ngrams.py"
    module.write_text(complete.replace("def count_ngrams(", "def count_ngram("), "utf-8")
    done = " ".join(course("check", "ngrams.count_ngrams", cwd=repository).stdout.split())
    assert done.count("ngrams.py has no count_ngrams: was it renamed or deleted?") == 1
    assert "(ngrams.py has no" not in done


def test_reset_restores_one_stub_and_keeps_a_backup(repository, complete):
    module = repository / "src/langmodels/ngrams.py"
    module.write_text(complete, "utf-8")
    done = course("reset", "ngrams.cross_entropy", cwd=repository)
    assert done.returncode == 0, done.stderr
    text = module.read_text("utf-8")
    assert text.count("raise NotImplementedError") == 1
    assert 'raise NotImplementedError("ngrams.cross_entropy")' in text
    (backup,) = (repository / ".course/backups").iterdir()
    assert backup.read_text("utf-8") == complete


def test_reset_mends_a_file_that_no_longer_parses(repository, project):
    module = repository / "src/langmodels/ngrams.py"
    stub = module.read_text("utf-8")
    module.write_text(stub.replace("def pad(", "def pad((", 1), "utf-8")
    assert course("reset", "ngrams.count_ngrams", cwd=repository).returncode == 0
    assert module.read_text("utf-8") == stub


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_write_permission_is_a_sentence(repository):
    repository.chmod(0o555)
    try:
        done = course("hint", "ngrams.count_ngrams", cwd=repository)
    finally:
        repository.chmod(0o755)
    assert done.returncode == 2
    assert "chmod u+w" in done.stderr


def test_a_state_folder_that_cannot_be_made_is_a_sentence(repository):
    (repository / ".course").write_text("in the way")
    done = course("hint", "ngrams.count_ngrams", cwd=repository)
    assert done.returncode == 2
    assert ".course" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Hint 1" in done.stdout


def test_a_check_that_cannot_be_remembered_still_says_what_is_wrong(repository):
    (repository / ".course").write_text("in the way")
    done = course("check", "ngrams.count_ngrams", cwd=repository)
    assert done.returncode == 2
    assert "course check ngrams.count_ngrams" in done.stdout
    assert ".course" in done.stderr


@pytest.fixture
def bare_machine(monkeypatch, project):
    """A machine whose kernel offers limits and nothing else; gives `course` in this process."""
    monkeypatch.setattr(box.sandbox, "LAYERS", ("rlimits",))
    box.available_layers.cache_clear()
    monkeypatch.chdir(project.root)
    yield lambda *arguments: CliRunner().invoke(app, arguments)
    box.available_layers.cache_clear()


def test_grade_refuses_without_isolation_and_says_how_to_go_on(bare_machine, submit, complete):
    done = bare_machine("grade", str(submit(complete)))
    assert done.exit_code == 3
    assert "Nothing was run" in done.stderr
    assert "it could read files" in done.stderr
    assert "What would help" in done.stderr
    assert "--unsafe" in done.stderr


def test_an_unsafe_run_is_stamped(bare_machine, submit, complete, tmp_path):
    done = bare_machine(
        *("grade", str(submit(complete)), "--unsafe", "--json", "--jobs", "1"),
        *("--only", "ngrams.count_ngrams", "--out", str(tmp_path / "out")),
    )
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["isolation"].startswith("none")
    pages = list((tmp_path / "out/students").glob("*.html"))
    assert pages
    assert all("Isolation: none" in page.read_text("utf-8") for page in pages)


def test_grade_json_is_one_document_and_says_what_isolated(project, submit, complete, tmp_path):
    done = course(
        *("grade", str(submit(complete)), "--json"),
        *("--only", "ngrams.count_ngrams", "--out", str(tmp_path / "out")),
        cwd=project.root,
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["schema"] == 1
    assert re.match("(standard|full): landlock, seccomp, rlimits.*proven", report["isolation"])
    (submission,) = report["submissions"]
    assert submission["score"] == submission["max_score"] > 0
    assert set(submission["exercises"][0]["tests"][0]) >= {
        *("name", "outcome", "message", "misconception")
    }
    assert (tmp_path / "out/results.json").read_text("utf-8") == done.stdout.rstrip("\n")
    assert list((tmp_path / "out/students").glob("*.html"))


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda p: p / "nobody", "there is no"),
        (lambda p: p, "holds no submission"),
    ],
    ids=["missing", "empty"],
)
def test_nothing_to_grade_is_wrong_use(project, tmp_path, make, message):
    done = course("grade", str(make(tmp_path)), cwd=project.root)
    assert done.returncode == 2
    assert message in done.stderr


def test_figures_are_recorded_all_or_none(project):
    done = course("verify", "--quick", "--record", cwd=project.root)
    assert done.returncode == 2
    assert "with --mutants, not --quick" in " ".join(done.stderr.replace("│", "").split())


def test_the_table_of_proofs_shows_every_number_on_a_narrow_terminal(monkeypatch):
    share, text = Share(10, 11, ["x"]), io.StringIO()
    feedback = Feedback(Share(8, 11), [100, 300, 500])
    proof = Proof("attention.scaled_dot_product_attention", 4, 12, *[share] * 4, 321.0, ["wrong"])
    proof.mutants, proof.feedback = Mutants(123, 124, ["this one"]), feedback
    kept = Proof("ngrams.AddK", 4, 5, *[Share(7, 7)] * 4, 55.0, [], kept=True)
    monkeypatch.setattr(teaching, "out", Console(file=text, width=80))
    teaching._print_proofs([proof, kept])
    lines = text.getvalue().splitlines()
    assert lines[1].endswith("4+12    10/11 123/124 10/11 10/11   1/11  8/11   300 321 ")
    assert lines[2].endswith(" 4+5      7/7       –   7/7   7/7    0/7     –     – 55* ")
    assert lines[3].endswith("8+17    17/18 123/124 17/18 17/18   1/18  8/11   300 376 ")
    assert (lines[1][0], lines[2][0]) == ("✗", "✓")
    assert "passes: this one" in text.getvalue()
    assert "attention.scaled_dot_product_attention: wrong" in text.getvalue()
    assert "*: of an earlier run" in " ".join(text.getvalue().split())


def test_ctrl_c_ends_at_once_and_leaves_nothing_half_written(repository, project):
    module = repository / "src/langmodels/ngrams.py"
    stub = module.read_text("utf-8")
    endless = stub.replace(
        'raise NotImplementedError("ngrams.count_ngrams")', "while True:\n        pass"
    )
    module.write_text(endless, "utf-8")
    process = subprocess.Popen(
        [COURSE, "check", "ngrams.count_ngrams"],
        cwd=repository,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while not _workers_of(process.pid) and time.monotonic() < deadline:
        assert process.poll() is None
    workers = _workers_of(process.pid)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "stopped by Ctrl-C" in errors
    assert "Traceback" not in errors
    assert not (repository / ".course").exists()
    _, alive = psutil.wait_procs(workers, timeout=10)
    assert not alive


def _workers_of(pid):
    try:
        children = psutil.Process(pid).children(recursive=True)
        return [p for p in children if "autograder.worker" in p.cmdline()]
    except psutil.Error:
        return []
