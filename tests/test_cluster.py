"""A Dask cluster of real processes grades as one machine does, whoever is killed, and whenever."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import psutil
import pytest
from small_course import FULL, IDS, busy, essence, read_finished, write_course, write_twice

from autograder import gpu, isolation, remote
from autograder.grade import grade_one
from autograder.project import Project
from autograder.remote import Reply, Request
from autograder.results import Outcome, SubmissionResult, read_report
from autograder.selftest import Property
from autograder.submission import read_submission

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="the box needs Linux"),
    pytest.mark.slow,  # a scheduler and workers are started, killed and awaited
]

BIN = Path(sys.executable).parent
SEED = 7
PATIENCE_S = 90  # for what is sure to come, on a machine with much else to do
POLL_S = 0.05
A_WHILE = 0.5  # CPU seconds


# --- A course, and what is handed in --------------------------------------------------------------


@pytest.fixture(scope="module")
def course(project, tmp_path_factory) -> Path:
    return write_course(project.root, tmp_path_factory.mktemp("cluster") / "course")


@pytest.fixture(scope="module")
def samples(project, course) -> Path:
    """Six samples, and one in which each import takes a while."""
    folder = write_twice(project.root, course.with_name("samples"))
    busy(folder, folder / "slow 慢 🐢", A_WHILE)
    return folder


@pytest.fixture(scope="module")
def expected(course, samples) -> dict[str, SubmissionResult]:
    """What each gets on this machine."""
    found = {p.name: essence(grade_one(course, p, IDS, SEED)) for p in sorted(samples.iterdir())}
    for result in found.values():
        result.seed = SEED
    assert {found[name].score for name in ("complete", "half-done", "syntax-error")} == {
        *(FULL, FULL / 2, 0)
    }
    return found


# --- A cluster ------------------------------------------------------------------------------------


class Cluster:
    """A scheduler with workers, each of one thread, that one can kill."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder, self._home = folder, home
        self.workers: list[subprocess.Popen[bytes]] = []
        file = folder / "scheduler.json"
        self.scheduler = self._start(
            folder,
            *("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-show"),
            *("--no-dashboard", "--scheduler-file", str(file)),
        )
        self._until(file.exists)
        self._until(lambda: b"tcp://" in file.read_bytes())
        self.address = file.read_text().split('"address": "')[1].split('"')[0]

    def worker(self, course: Path, *options: str) -> subprocess.Popen[bytes]:
        """Another worker, which works in this copy of the course."""
        here = "worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard"
        log = self.folder / f"worker-{len(self.workers)}.log"
        self.workers.append(self._start(course, *here, *options, log=log))
        self._until(lambda: b"Registered to" in log.read_bytes())
        return self.workers[-1]

    def _start(self, cwd: Path, *words: str, log: Path | None = None) -> subprocess.Popen[bytes]:
        with (log or self.folder / "scheduler.log").open("wb") as file:
            return subprocess.Popen(
                [BIN / "dask", *words],
                cwd=cwd,
                env={**os.environ, "HOME": str(self._home), "TMPDIR": str(self._home)},
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
            )

    def _until(self, condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < deadline, "the cluster does not start"
            time.sleep(POLL_S)

    def close(self) -> None:
        for process in [*self.workers, self.scheduler]:
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path, tmp_path_factory) -> Iterator[Cluster]:
    one = Cluster(tmp_path, tmp_path_factory.mktemp("home"))
    yield one
    one.close()


class Run:
    """`course` in a process of its own, as the cluster's client."""

    def __init__(self, course: Path, *words: str | Path) -> None:
        self.main = subprocess.Popen(
            [BIN / "course", *map(str, words)],
            cwd=course,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "COLUMNS": "300"},
        )

    def ends(self) -> tuple[int, str]:
        said, _ = self.main.communicate(timeout=PATIENCE_S)
        return self.main.returncode, said

    def kill(self) -> None:
        self.main.kill()
        self.main.wait()
        assert self.main.stdout
        self.main.stdout.close()

    def until(self, condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            assert self.main.poll() is None, self.main.communicate()[0]
            assert time.monotonic() < deadline, "waited in vain"
            time.sleep(POLL_S)


@pytest.fixture
def grade(course, samples, tmp_path) -> Iterator[Callable[[Cluster], Run]]:
    """Start to grade the samples on a cluster; results are in tmp_path / "out"."""
    runs: list[Run] = []

    def start(cluster: Cluster) -> Run:
        words = "--out", tmp_path / "out", "--seed", str(SEED)
        runs.append(Run(course, "grade", samples, "--scheduler", cluster.address, *words))
        return runs[-1]

    yield start
    for run in runs:
        run.kill()


def assert_graded(run: Run, out: Path, expected: dict[str, SubmissionResult]) -> str:
    """Everybody has what they earn, once; what was said."""
    code, said = run.ends()
    assert code == 0, said
    report = read_report(out / "results.json")
    finished = read_finished(out / "finished.jsonl")
    assert not [result.message for result in finished if result.message]
    for results in (report.submissions, finished):
        assert len(results) == len(expected)
        assert {result.name: essence(result) for result in results} == expected
    assert report.isolation.startswith(("standard: ", "full: "))
    return said


# --- Together they grade as one -------------------------------------------------------------------


def test_a_killed_worker_costs_nobody_a_point_and_leaves_nothing_behind(
    cluster, grade, course, samples, expected, tmp_path
):
    victim, _ = cluster.worker(course), cluster.worker(course)
    process = psutil.Process(victim.pid)
    run = grade(cluster)

    def is_grading() -> list[psutil.Process]:  # its examiner, a zygote, and a box
        found = process.children(recursive=True)
        return found if len(found) >= 3 else []

    run.until(is_grading)
    its = process.children(recursive=True)
    victim.kill()
    assert_graded(run, tmp_path / "out", expected)
    _, alive = psutil.wait_procs(its, timeout=10)
    assert not alive


def test_a_client_that_was_killed_goes_on_with_the_rest(cluster, grade, course, expected, tmp_path):
    cluster.worker(course)
    finished = tmp_path / "out" / "finished.jsonl"
    run = grade(cluster)
    run.until(lambda: finished.exists() and b"\n" in finished.read_bytes())
    run.kill()
    before = finished.read_bytes()
    said = assert_graded(grade(cluster), tmp_path / "out", expected)
    assert finished.read_bytes().startswith(before)
    assert "not again" in said


def test_a_lost_scheduler_is_one_sentence_and_what_is_finished_is_kept(
    cluster, grade, course, expected, tmp_path
):
    cluster.worker(course)
    finished = tmp_path / "out" / "finished.jsonl"
    run = grade(cluster)
    run.until(lambda: finished.exists() and b"\n" in finished.read_bytes())
    cluster.scheduler.kill()
    code, said = run.ends()
    assert code == 2, said
    assert "the same command goes on with the rest" in " ".join(said.split())
    assert "Traceback" not in said
    for result in read_finished(finished):
        assert result == expected[result.name]


def test_where_no_scheduler_answers_one_sentence_says_so(course, samples, tmp_path):
    words = "--scheduler", "tcp://127.0.0.1:9", "--out", tmp_path / "out"
    code, said = Run(course, "grade", samples, *words).ends()
    assert code == 2
    assert "no Dask scheduler answers at tcp://127.0.0.1:9" in said
    assert "Traceback" not in said


GPU_TEST = '''
import pytest

from autograder.testing import exercise, expect


@pytest.mark.gpu
@exercise("ngrams.count_ngrams")
def test_counts_on_a_gpu(student):
    """Pairs are counted there too."""
    expect(student.ngrams.count_ngrams([["b"]], 2), {("<s>", "b"): 1, ("b", "</s>"): 1})
'''


def test_what_needs_a_gpu_goes_to_workers_that_offer_one(cluster, course, samples, tmp_path):
    """Rehearsed on the CPU; results are signed by the client, which alone has the key."""
    with_gpu_test, key = tmp_path / "course", tmp_path / "key"
    shutil.copytree(course, with_gpu_test)
    (with_gpu_test / "autograder/hidden/01-ngrams/test_gpu.py").write_text(GPU_TEST)
    without = cluster.worker(with_gpu_test)
    offering = cluster.worker(with_gpu_test, "--resources", "GPU=1")
    gpu.make_key(key)
    words = "--key", key, "--out", tmp_path / "gpu.json", "--rehearse"
    handed_in = samples / "complete", samples / "half-done"
    code, said = Run(
        with_gpu_test, "gpu", "run", *handed_in, *words, "--scheduler", cluster.address
    ).ends()
    assert code == 0, said
    assert "2 submissions on cpu: a rehearsal" in said
    done = gpu.unsealed(tmp_path / "gpu.json", gpu.read_key(key))
    assert "open: the GPU and its driver" in done.isolation
    for part, outcome in zip(done.submissions, (Outcome.PASSED, Outcome.WRONG), strict=True):
        (test,) = part.tests["ngrams.count_ngrams"]
        assert (test.outcome, test.device) == (outcome, "cpu: a rehearsal")
    # A worker's examiner waits for more; one that was asked for nothing has none.
    assert psutil.Process(offering.pid).children()
    assert not psutil.Process(without.pid).children()


# --- Workers that must not grade ------------------------------------------------------------------


@pytest.fixture
def other_course(course, tmp_path) -> Path:
    """A copy of the course in which a hidden test asks for less."""
    other = tmp_path / "other"
    shutil.copytree(course, other)
    suite = next((other / "autograder/hidden").rglob("test_one.py"))
    suite.write_text(suite.read_text().replace("0.5)", "model.prob('a', ['<s>']))"))
    return other


def test_a_worker_with_other_tests_refuses_and_another_does_its_work(
    cluster, grade, course, other_course, expected, tmp_path
):
    cluster.worker(other_course)
    cluster.worker(course)
    said = assert_graded(grade(cluster), tmp_path / "out", expected)
    assert "grades nothing: its copy of the course is not the same as here" in said


def test_where_every_worker_refuses_it_is_the_graders_fault(
    cluster, grade, other_course, expected, tmp_path
):
    cluster.worker(other_course)
    code, said = grade(cluster).ends()
    assert code == 0, said
    report = read_report(tmp_path / "out" / "results.json")
    assert len(report.submissions) == len(expected)
    for result in report.submissions:
        assert (result.score, result.max_score) == (0, 0)
        assert {e.outcome for e in result.exercises} == {Outcome.GRADER_FAULT}
        assert "bring both to one commit" in result.message


@pytest.fixture
def request_of(course, samples, monkeypatch) -> Callable[..., Request]:
    """A request to grade the complete sample, for an examiner in this process."""
    monkeypatch.chdir(course)
    remote._good.clear()
    files = read_submission(samples / "complete")
    rules = Project(course).rules_digest()

    def make(**changes: object) -> Request:
        request = Request(files, IDS, SEED, rules, remote.versions())
        return msgspec.structs.replace(request, **changes)

    yield make
    remote._good.clear()


def test_an_examiner_grades_only_where_boxes_hold(request_of, monkeypatch):
    hole = Property("read files", False, "")
    found = isolation.Isolation(("landlock",), (), (hole,))
    monkeypatch.setattr(isolation, "prove", lambda *_, **__: found)
    refused = remote.answer(request_of())
    assert refused == Reply(refusal="a submission could do harm there: it could read files")
    unsafe = remote.answer(request_of(unsafe=True))
    assert b'"isolation":"none: not proven, and run with --unsafe"' in unsafe.result


def test_an_examiner_of_other_versions_says_both(request_of):
    refused = remote.answer(request_of(rules="others", versions="Python 3.9, torch 1.0"))
    assert f"{remote.versions()}, and here there is Python 3.9, torch 1.0" in refused.refusal


def test_an_examiner_outside_a_course_refuses(request_of, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "is not inside a repository of the course" in remote.answer(request_of()).refusal


def test_what_a_submission_is_called_does_not_leave_this_machine():
    assert "name" not in Request.__struct_fields__
