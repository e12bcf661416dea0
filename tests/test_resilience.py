"""Whatever is killed, and whenever: no finished result is lost, and no process is left behind.

Each run is `course grade` in a process of its own, on a small course of two exercises. Its
orphans become children of this process, so that none of them gets out of sight.
"""

import contextlib
import ctypes
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec
import psutil
import pytest
from small_course import FULL, IDS, busy, essence, read_finished, write_course, write_twice

from autograder.grade import grade_one
from autograder.results import Report, SubmissionResult

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="the box needs Linux"),
    pytest.mark.slow,  # graders are killed at many moments, and what they leave is awaited
]

COURSE = str(Path(sys.executable).with_name("course"))
SEED, JOBS = 7, 2
PATIENCE_S = 60  # for what is sure to come, on a machine with much else to do
SOON_S = 10  # for what must be over at once, on the same machine
POLL_S = 0.03  # a look at all processes takes a third of it
PR_SET_CHILD_SUBREAPER = 36

A_WHILE, FOR_EVER = 2.0, 10**6
IS_BUSY = 0.2  # by then a box has started, and runs the submission

Found = TypeVar("Found")


# --- A course, and what is handed in --------------------------------------------------------------


@pytest.fixture(scope="module")
def course(project, tmp_path_factory) -> Path:
    return write_course(project.root, tmp_path_factory.mktemp("resilience") / "course")


@pytest.fixture(scope="module")
def samples(project, course) -> Path:
    return write_twice(project.root, course.with_name("samples"))


@pytest.fixture(scope="module")
def slow(samples, course) -> Path:
    return busy(samples, course.with_name("slow"), A_WHILE)


@pytest.fixture(scope="module")
def endless(samples, course) -> Path:
    """Its first box computes for twenty seconds, which is all that it may."""
    return busy(samples, course.with_name("endless"), FOR_EVER)


@pytest.fixture(scope="module")
def undisturbed(course, samples, slow) -> dict[str, SubmissionResult]:
    """What each submission but `endless` gets when nobody interferes."""
    paths = [*sorted(samples.iterdir()), slow]
    found = {path.name: essence(grade_one(course, path, IDS, SEED)) for path in paths}
    for result in found.values():
        result.seed = SEED
    scores = {name: result.score for name, result in found.items()}
    for name, score in {"complete": FULL, "half-done": FULL / 2, "syntax-error": 0.0}.items():
        assert scores[name] == scores[f"{name}-again"] == score
    assert scores["slow"] == FULL
    return found


# --- A run ---------------------------------------------------------------------------------------


class Run:
    """`course grade` on some submissions, two at a time, and everything that it starts."""

    def __init__(
        self,
        course: Path,
        paths: Sequence[Path],
        out: Path,
        home: Path,
        before: Sequence[str] = (),
    ) -> None:
        self.out = out
        self._not_ours = set(_descendants())
        command = [*before, COURSE, "grade", *map(str, paths), "--out", str(out)]
        self.main = subprocess.Popen(
            [*command, f"--seed={SEED}", f"--jobs={JOBS}"],
            cwd=course,
            # Where a killed run leaves its temporary files.
            env={**os.environ, "HOME": str(home), "TMPDIR": str(home)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    # --- its processes ---

    def processes(self) -> list[psutil.Process]:
        """All that are alive, orphans too."""
        return [p for p in _descendants() if p not in self._not_ours and self._is_alive(p)]

    def _is_alive(self, process: psutil.Process) -> bool:
        try:
            if process.status() != psutil.STATUS_ZOMBIE:
                return True
            if process.ppid() == os.getpid() and process.pid != self.main.pid:
                os.waitpid(process.pid, os.WNOHANG)
        except (psutil.Error, ChildProcessError):
            pass
        return False

    def examiners(self) -> list[psutil.Process]:
        """Both of them, or none: a zygote too looks like one before it becomes Python anew."""
        found = [p for p in self.processes() if _parent(p) == self.main.pid and _is(p, "grade")]
        return found if len(found) == JOBS else []

    def zygotes(self) -> list[psutil.Process]:
        workers = {p.pid: p for p in self.processes() if _is(p, "autograder.worker")}
        return [p for p in workers.values() if _parent(p) not in workers]

    def busy_box(self) -> psutil.Process | None:
        """A box in the middle of a call. It is stopped, so that it stays there."""
        zygotes = {p.pid for p in self.zygotes()}
        for box in self.processes():
            with contextlib.suppress(psutil.Error):
                if _parent(box) in zygotes and box.cpu_times().user > IS_BUSY:
                    box.suspend()
                    return box
        return None

    # --- its results ---

    def finished(self) -> list[SubmissionResult]:
        """What finished.jsonl holds. Every line of it must be whole."""
        return read_finished(self.out / "finished.jsonl")

    def report(self) -> Report | None:
        """What results.json holds, which is absent or whole."""
        path = self.out / "results.json"
        return msgspec.json.decode(path.read_bytes(), type=Report) if path.exists() else None

    # --- its end ---

    def until(self, condition: Callable[["Run"], Found]) -> Found:
        """Wait until the condition gives something, and return that."""
        deadline = time.monotonic() + PATIENCE_S
        while not (found := condition(self)):
            assert self.main.poll() is None, self._said()
            assert time.monotonic() < deadline, f"waited in vain: {self._tree()}"
            time.sleep(POLL_S)
        return found

    def ends(self, within: float = PATIENCE_S) -> tuple[int, str]:
        """Wait for the end: the exit code, and what was said. Nothing may be left then."""
        try:
            code = self.main.wait(within)
        except subprocess.TimeoutExpired:
            pytest.fail(f"not over after {within:g} s: {self._tree()}")
        deadline = time.monotonic() + SOON_S
        while self.processes():
            assert time.monotonic() < deadline, f"left behind: {self._tree()}"
            time.sleep(POLL_S)
        return code, self._said()

    def _said(self) -> str:
        assert self.main.stderr
        return " ".join(self.main.stderr.read().split())

    def _tree(self) -> list[str]:
        """Its processes, for whoever has to find out why they are there."""
        return [f"{p.pid} of {_parent(p)}: {' '.join(_words(p))[-80:]}" for p in self.processes()]

    def kill(self) -> None:
        """Kill what is left of it."""
        while left := self.processes():
            for process in left:
                with contextlib.suppress(psutil.Error):
                    process.kill()
        self.main.wait()
        assert self.main.stderr
        self.main.stderr.close()


def _descendants() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


def _parent(process: psutil.Process) -> int:
    try:
        return process.ppid()
    except psutil.Error:
        return 0


def _words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def _is(process: psutil.Process, word: str) -> bool:
    return word in _words(process)


@pytest.fixture
def start(course, tmp_path) -> Iterator[Callable[..., Run]]:
    """Start a run on these paths; whatever is left of it at the end of the test is killed."""
    runs: list[Run] = []

    def start(*paths: Path, out: Path = tmp_path / "out", before: Sequence[str] = ()) -> Run:
        runs.append(Run(course, paths, out, Path(home), before))
        return runs[-1]

    prctl = ctypes.CDLL(None).prctl
    assert prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0
    with tempfile.TemporaryDirectory() as home:  # not tmp_path: a socket's path must be short
        yield start
        for run in runs:
            run.kill()
    prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


# --- The grader is killed ------------------------------------------------------------------------

MOMENTS = {
    "as it starts": lambda run: True,
    "while isolation is proven": Run.zygotes,
    "before the first result": Run.busy_box,
    "after the first result": Run.finished,
}


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_a_killed_grader_takes_all_with_it_and_leaves_whole_results(
    start, samples, endless, undisturbed, moment
):
    run = start(samples, endless)
    run.until(moment)
    run.main.kill()
    code, _ = run.ends()
    assert code == -signal.SIGKILL
    assert_broken_off(run, undisturbed)


def to_group(run: Run, number: int) -> None:
    os.killpg(run.main.pid, number)


def to_main(run: Run, number: int) -> None:
    run.main.send_signal(number)


STOPS = {
    "Ctrl-C while isolation is proven": (to_group, signal.SIGINT, Run.zygotes),
    "Ctrl-C while a box is busy": (to_group, signal.SIGINT, Run.busy_box),
    "Ctrl-C after the first result": (to_group, signal.SIGINT, Run.finished),
    "an interrupt": (to_main, signal.SIGINT, Run.finished),
    "a terminal that goes away": (to_group, signal.SIGTERM, Run.finished),
    "a service that is stopped": (to_main, signal.SIGTERM, Run.busy_box),
}


@pytest.mark.parametrize("send, number, moment", STOPS.values(), ids=STOPS)
def test_a_stopped_grader_ends_within_seconds(
    start, samples, endless, undisturbed, send, number, moment
):
    run = start(samples, endless)
    run.until(moment)
    send(run, number)
    code, said = run.ends(within=SOON_S)
    assert code == 130
    assert "stopped by Ctrl-C" in said
    assert "Traceback" not in said
    assert_broken_off(run, undisturbed)


def assert_broken_off(run: Run, undisturbed: dict[str, SubmissionResult]) -> None:
    """What it has finished is whole and right, and there is no report of half a class."""
    for result in run.finished():
        assert result == undisturbed[result.name]
    assert run.report() is None


def test_a_finished_result_does_not_wait_for_a_slow_one(start, samples, endless, undisturbed):
    run = start(endless, samples)
    box = run.until(Run.busy_box)
    run.until(Run.finished)
    assert box.is_running()
    assert_broken_off(run, undisturbed)


# --- A part of the grader is killed --------------------------------------------------------------


@pytest.mark.parametrize("moment", [Run.busy_box, Run.finished])
def test_a_killed_zygote_costs_nobody_a_point(start, samples, slow, undisturbed, moment):
    run = start(slow, samples)
    run.until(moment)
    for zygote in run.zygotes():
        with contextlib.suppress(psutil.NoSuchProcess):
            zygote.kill()
    assert_graded(run, undisturbed)


def test_a_zygote_killed_while_isolation_is_proven_stops_nothing(start, samples, slow, undisturbed):
    run = start(samples, slow)
    (zygote,) = run.until(Run.zygotes)
    run.until(lambda _: zygote.children())
    zygote.kill()
    assert_graded(run, undisturbed)


@pytest.mark.parametrize("moment", [Run.examiners, Run.busy_box, Run.finished])
def test_a_killed_examiner_costs_nobody_a_point(start, samples, slow, undisturbed, moment):
    run = start(slow, samples)
    run.until(moment)
    run.examiners()[0].kill()
    assert_graded(run, undisturbed)


def assert_graded(run: Run, undisturbed: dict[str, SubmissionResult]) -> None:
    """The run ends well, and everybody has what they earn."""
    code, said = run.ends()
    assert code == 0, said
    report = run.report()
    assert report
    for results in (report.submissions, run.finished()):
        assert len(results) == len(undisturbed)
        assert {result.name: essence(result) for result in results} == undisturbed


def test_a_busy_box_is_gone_a_second_after_its_examiner(start, endless):
    run = start(endless)
    box = run.until(Run.busy_box)
    box.resume()
    watched = os.pidfd_open(box.pid)
    run.examiners()[0].kill()
    ended, _, _ = select.select([watched], [], [], 1.0)
    os.close(watched)
    assert ended


# --- A later run goes on -------------------------------------------------------------------------


def test_a_run_after_a_killed_one_grades_only_the_rest(start, samples, endless, undisturbed):
    """What is finished stays as it is, and nobody is graded twice."""
    killed = start(samples, endless)
    killed.until(Run.finished)
    killed.main.kill()
    killed.ends()
    before = (killed.out / "finished.jsonl").read_bytes()
    assert before

    run = start(samples)
    code, said = run.ends()
    assert code == 0, said
    after = (run.out / "finished.jsonl").read_bytes()
    assert after.startswith(before)
    results = run.finished()
    assert len({result.name for result in results}) == len(results)
    assert {r.name: r for r in results} == {
        name: result for name, result in undisturbed.items() if name != "slow"
    }
    report = run.report()
    assert report
    assert [r.name for r in report.submissions] == sorted(path.name for path in samples.iterdir())


def test_two_runs_into_one_folder_do_not_mix(start, samples, endless):
    first = start(endless)
    first.until(Run.busy_box)
    code, said = start(samples).ends()
    assert code == 2
    assert "another course grade is writing to" in said
    assert first.main.poll() is None


# --- Two at once ---------------------------------------------------------------------------------


def test_two_runs_at_once_do_not_disturb_each_other(start, samples, slow, undisturbed, tmp_path):
    runs = [start(samples, slow, out=tmp_path / name / "folder") for name in ("one", "two")]
    for run in runs:
        run.main.wait(PATIENCE_S)
    for run in runs:
        assert_graded(run, undisturbed)


# --- The disk ------------------------------------------------------------------------------------

# Mounts a file system on $0 for the rest of the line only, and copies what it holds at the end.
MOUNT = 'mount -t tmpfs -o {} none "$0" && "$@"; code=$?; cp -r "$0" "$0-saved"; exit $code'


@pytest.fixture
def mounted(tmp_path) -> Callable[[str], list[str]]:
    """Begins a command that sees a file system with these options at tmp_path / "disk"."""
    disk = tmp_path / "disk"
    disk.mkdir()
    trial = ["unshare", "-m", "mount", "-t", "tmpfs", "none", str(disk)]
    if not shutil.which("unshare") or subprocess.run(trial, capture_output=True).returncode:
        pytest.skip("only root, and not in every container, can mount a small disk")
    return lambda options: ["unshare", "-m", "sh", "-c", MOUNT.format(options), str(disk)]


@pytest.mark.parametrize("pages", [1, 8], ids=["by the results", "by the feedback pages"])
def test_a_full_disk_is_one_clear_sentence(start, samples, undisturbed, mounted, tmp_path, pages):
    size = pages * os.sysconf("SC_PAGE_SIZE")
    out = tmp_path / "disk" / "out"
    run = start(samples, out=out, before=mounted(f"size={size}"))
    assert_refused(run, out, "No space left on device")
    results = read_finished(tmp_path / "disk-saved/out/finished.jsonl", cut=pages == 1)
    assert results
    assert all(result == undisturbed[result.name] for result in results)
    assert len(results) == len(undisturbed) - 1 or pages == 1
    whole = tmp_path / "disk-saved/out/results.json"
    assert whole.exists() is (pages > 1)  # the data come before the pages
    if whole.exists():
        assert len(msgspec.json.decode(whole.read_bytes(), type=Report).submissions) == len(results)


def test_a_limit_on_the_size_of_files_is_one_clear_sentence(start, samples, undisturbed):
    # Else Python itself would leave bytecode files behind that are cut off.
    run = start(samples, before=["env", "PYTHONDONTWRITEBYTECODE=1"])
    psutil.Process(run.main.pid).rlimit(psutil.RLIMIT_FSIZE, (3000, 3000))
    assert_refused(run, run.out / "finished.jsonl", "File too large")
    results = read_finished(run.out / "finished.jsonl", cut=True)
    assert results
    assert all(result == undisturbed[result.name] for result in results)
    assert run.report() is None


def test_a_disk_that_may_only_be_read_is_one_clear_sentence(start, samples, mounted, tmp_path):
    out = tmp_path / "disk" / "out"
    assert_refused(start(samples, out=out, before=mounted("ro")), out, "Read-only")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_only_be_read_is_one_clear_sentence(start, samples, tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir(mode=0o555)
    assert_refused(start(samples, out=folder / "out"), folder / "out", "chmod u+w")


def test_a_file_where_the_folder_should_be_is_one_clear_sentence(start, samples, tmp_path):
    file = tmp_path / "file"
    file.write_text("mine")
    assert_refused(start(samples, out=file), file, "")
    assert file.read_text() == "mine"


def assert_refused(run: Run, path: Path, reason: str) -> None:
    """It ends with exit code 2 and one sentence, which names the path and the reason."""
    code, said = run.ends()
    assert code == 2, said
    assert str(path) in said
    assert reason in said
    assert "Traceback" not in said
    assert said.count("course: ") == 1
