"""Cheating and harm fail: every file of tests/attacks is a submission that tries one thing.

Attacks are graded some at a time, among an honest complete and an honest half-right submission,
in a repository of their own. Each has a verdict of its own; where harm was done that could be
anyone's, the same attacks are graded again one by one.
"""

import ast
import contextlib
import csv
import ctypes
import fcntl
import hashlib
import importlib.util
import io
import math
import os
import re
import resource
import shutil
import signal
import socket
import stat
import subprocess
import sys
import sysconfig
import tempfile
import time
import unicodedata
import uuid
import xml.etree.ElementTree as ElementTree
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import msgspec
import psutil
import pytest
from rich.console import Console

from autograder import reports, sandbox
from autograder.catalog import load_catalog
from autograder.grade import grade
from autograder.project import Project
from autograder.results import (
    Outcome,
    Report,
    SubmissionResult,
    TestResult,
    for_student,
    score_exercise,
    score_submission,
    student_report,
    to_json,
)
from autograder.sync import render

REPOSITORY = Path(__file__).parents[1]
FOLDER = Path(__file__).with_name("attacks")
ATTACKS = {path.stem: path for path in sorted(FOLDER.glob("[a-z]*.py"))}
TOGETHER = 12  # attacks in one run
SEEDS = (7, 8)  # not the one that everybody knows
ALONE_S, EACH_S = 60, 12  # how long a run may take

CATALOG = """\
[chapter]
number = 1
part = "I"
title = "Attacked"
page = "ngrams"
"""
EXERCISE = """
[[exercise]]
id = "ngrams.{}"
title = "{}"
points = 2
minutes = 1
difficulty = 1
hints = ["", "", ""]
needs = {}
limits = {{ wall_s = 4, cpu_s = 1, memory_mb = 1024, output_kb = 16{} }}
"""
EXERCISES = {  # needs, further limits
    "count_ngrams": ([], ""),
    "MaximumLikelihood": (["ngrams.count_ngrams"], ""),
    "sentence_logprob": ([], ", processes = 4"),
}
FULL = 2.0 * len(EXERCISES)
REWARD = {"test_pairs", "test_single_tokens"}  # what `right` of attacks/_base.py passes
MAX_MEMORY_MB = 2500  # of the largest process: a box with its limit, or the grader itself
GROUPS = ("smuggle", "torch")  # attacks that are graded in another way begin with this


# --- The only place that calls the grader ------------------------------------------------------


def main(root: str, seed: str, *paths: str) -> None:
    """Grade as `course grade` does, in a process of its own."""
    project = Project(Path(root))
    exercises = project.catalog.select([])
    results = list(grade(project, [Path(p) for p in paths], exercises, int(seed), jobs=2))
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    report = Report(f"{largest:.0f}", int(seed), results)
    Path(root).with_name("results.json").write_text(to_json(report))


# --- A world to attack --------------------------------------------------------------------------


class World:
    """A repository, a home, a folder that anyone may write, listeners: what must stay as it is."""

    def __init__(self, folder: Path, torch: bool = False) -> None:
        self.folder, self.secret = folder, f"canary{uuid.uuid4().hex}"
        self.mark = f"pwned{uuid.uuid4().hex[:8]}"  # in the name of all that attacks make
        self.root, self.home, self.drop, self.submissions, self.scratch = (
            folder / name for name in ("root", "home", "drop", "submissions", "scratch")
        )
        for path in (self.home, self.drop, self.submissions, self.scratch):
            path.mkdir(parents=True)
        self.drop.chmod(0o1777)
        self._make_repository(torch)
        for path in (self.root, self.home, self.drop):
            canary = path / "canary.txt"
            canary.write_text(self.secret)
            canary.chmod(0o600)
        self.listeners = self._listen()
        self.key = int.from_bytes(os.urandom(3)) + 1  # of System V memory
        self.facts = {
            "ROOT": str(self.root),
            "HOME": str(self.home),
            "DROP": str(self.drop),
            "SUBMISSIONS": str(self.submissions),
            "REPOSITORY": str(REPOSITORY),
            "SCRATCH": str(self.scratch),
            "MARK": self.mark,
            "KEY": self.key,
            "OUTSIDE": os.getpid(),
            "TCP4": self.listeners["tcp4"].getsockname()[1],
            "TCP6": self.listeners["tcp6"].getsockname()[1] if "tcp6" in self.listeners else 1,
            "UDP": self.listeners["udp"].getsockname()[1],
            "UNIX": self.listeners["unix"].getsockname(),
            "ABSTRACT": self.listeners["abstract"].getsockname(),
        }

    def _make_repository(self, torch: bool) -> None:
        for name in ("src", "solutions"):
            shutil.copytree(REPOSITORY / name, self.root / name)
        chapter = self.root / "exercises" / "01-ngrams"
        chapter.mkdir(parents=True)
        text = CATALOG
        text += "".join(EXERCISE.format(s, s, n, more) for s, (n, more) in EXERCISES.items())
        (chapter / "exercises.toml").write_text(text)
        hidden = self.root / "autograder" / "hidden" / "01-ngrams"
        hidden.mkdir(parents=True)
        tests = (FOLDER / "_hidden.py").read_text(encoding="utf-8")
        if torch:  # boxes have it imported where the tests do
            tests = tests.replace("import math\n", "import math\nimport torch  # noqa: F401\n")
        (hidden / "test_hidden.py").write_text(tests, encoding="utf-8")
        shutil.copy(REPOSITORY / "autograder" / "hidden" / "01-ngrams" / "support.py", hidden)

    def _listen(self) -> dict[str, socket.socket]:
        stream, datagram = socket.SOCK_STREAM, socket.SOCK_DGRAM
        places: dict[str, tuple[int, int, Any]] = {
            "tcp4": (socket.AF_INET, stream, ("127.0.0.1", 0)),
            "tcp6": (socket.AF_INET6, stream, ("::1", 0)),
            "udp": (socket.AF_INET, datagram, ("127.0.0.1", 0)),
            "unix": (socket.AF_UNIX, stream, str(self.drop / "socket")),
            "abstract": (socket.AF_UNIX, stream, b"\0" + self.mark.encode()),
        }
        listeners = {}
        for name, (family, kind, address) in places.items():
            with contextlib.suppress(OSError):  # a machine without IPv6
                listener = socket.socket(family, kind)
                listener.bind(address)
                listener.setblocking(False)
                if kind == stream:
                    listener.listen()
                listeners[name] = listener
        (self.drop / "socket").chmod(0o777)
        return listeners

    @cached_property
    def base(self) -> str:
        """The text on which attacks stand; it knows where everything is."""
        text = (FOLDER / "_base.py").read_text(encoding="utf-8")
        return text.replace("FACTS: dict = {}", f"FACTS: dict = {self.facts!r}")

    def submission(self, name: str, files: dict[str, str | bytes]) -> Path:
        """A folder with these files."""
        for file, content in files.items():
            path = self.submissions / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return self.submissions / name

    def attack(self, name: str) -> Path:
        """Hand in an attack: what its `build` makes, or its text after that of the base."""
        source = ATTACKS[name].read_text(encoding="utf-8")
        if "\ndef build(" not in source:
            text = f"{self.base}\n\n{source}"
            return self.submission(name, {"langmodels/ngrams.py": text})
        spec: Any = importlib.util.spec_from_file_location(name, ATTACKS[name])
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        built: Path = module.build(self, name)
        return built

    def honest(self) -> list[Path]:
        """A complete submission, and one that has the first exercise wrong."""
        source = (REPOSITORY / "solutions/langmodels/ngrams.py").read_text(encoding="utf-8")
        text = render(source, "ngrams", keep=load_catalog(REPOSITORY / "exercises").exercises)
        wrong = text.replace("counts.pop((BOS,), None)", "counts.clear()")
        assert wrong != text
        return [
            self.submission(name, {"langmodels/ngrams.py": content})
            for name, content in {"complete": text, "half-right": wrong}.items()
        ]

    # --- what must not have happened ---

    def state(self) -> dict[Path, Any]:
        """All there is: path → mode, owner, attributes; of a file its size, time and content."""
        waiting = [self.root, self.home, self.drop, self.submissions, self.scratch]
        found: dict[Path, Any] = {}
        while waiting:
            path = waiting.pop()
            with contextlib.suppress(OSError):  # no folder, or nested too deep
                waiting += [] if path.is_symlink() else path.iterdir()
            if len(str(path)) > 4000:  # longer than the kernel takes
                continue
            about = path.lstat()
            found[path] = about.st_mode, about.st_uid, os.listxattr(path, follow_symlinks=False)
            if stat.S_ISREG(about.st_mode):
                content = hashlib.sha256(path.read_bytes() if about.st_size < 2**22 else b"")
                found[path] += about.st_size, about.st_mtime_ns, content.hexdigest()
        return found

    def harm(self, before: dict[Path, Any]) -> list[str]:
        """What an attack left behind or reached, in words."""
        after = self.state()
        changed = [p for p in before.keys() | after.keys() if before.get(p) != after.get(p)]
        reasons = [f"touched {path.relative_to(self.folder)}" for path in sorted(changed)[:5]]
        reasons += [f"left {path}" for path in self._marked()]
        for name, listener in self.listeners.items():
            with contextlib.suppress(BlockingIOError):
                listener.accept() if name != "udp" else listener.recv(1)
                reasons.append(f"reached the {name} listener")
        for kind in ("shm", "msg", "sem"):
            rows = Path("/proc/sysvipc", kind).read_text().splitlines()[1:]
            if any(row.split()[0] == str(self.key) for row in rows):
                reasons.append(f"left System V {kind}")
        return reasons

    def _marked(self) -> list[Path]:
        places = [
            *(Path(name) for name in ("/", "/tmp", "/var/tmp", "/dev/shm", "/run")),
            *(Path.home(), REPOSITORY, REPOSITORY / "autograder", Path.cwd()),
            *(Path(sysconfig.get_path(name)) for name in ("purelib", "stdlib")),
        ]
        found = {path for place in places for path in place.glob(f"*{self.mark}*")}
        for path in found:
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
        return sorted(found)

    def close(self) -> None:
        """Stop to listen, and remove everything."""
        for listener in self.listeners.values():
            listener.close()
        subprocess.run(["rm", "-rf", self.folder], check=True)  # however deep it is nested


# --- A run and its verdicts ---------------------------------------------------------------------


@cache
def judged(names: tuple[str, ...]) -> dict[str, list[str]]:
    """Grade these attacks together; for each, why it counts as one that worked."""
    group = _group(names[0])
    world = World(Path(tempfile.mkdtemp(prefix="attacked-")), group == "torch")
    try:
        shared, own = _grade(world, names, SEEDS if group == "smuggle" else SEEDS[:1])
    finally:
        world.close()
    if shared and len(names) > 1:
        return {name: judged((name,))[name] for name in names}
    return {name: shared + own.get(name, []) for name in names}


def judged_once(names: tuple[str, ...], folder: Path) -> dict[str, list[str]]:
    """The same; what another worker of pytest-xdist has found out is read from its file."""
    with (folder / f"attacks-{names[0]}.json").open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        if not (found := file.read()):
            found = msgspec.json.encode(judged(names))
            file.write(found)
    return msgspec.json.decode(found, type=dict[str, list[str]])


def _group(name: str) -> str:
    return name.partition("_")[0] if name.startswith(GROUPS) else ""


def _grade(
    world: World, names: tuple[str, ...], seeds: tuple[int, ...]
) -> tuple[list[str], dict[str, list[str]]]:
    """What went wrong for all of them, and for each."""
    paths = [world.attack(name) for name in names]
    middle = len(names) // 2
    order = [*paths[:middle], *world.honest(), *paths[middle:]]
    before = world.state()
    graded, shared, began = [], [], time.monotonic()
    for seed in seeds:
        results, reasons = graded_apart(world, order, seed)
        graded.append(results)
        shared += reasons
    shared += world.harm(before)
    note(f"{time.monotonic() - began:.1f} s for {', '.join(names)}: {shared}")
    if not all(graded):
        return shared, {}
    for results in graded:
        complete, half = results[middle : middle + 2]
        del results[middle : middle + 2]
        if complete.score != FULL:
            shared.append(f"an honest submission got {complete.score} of {FULL}")
        if (half.score, half.max_score) != (FULL - 2, FULL):
            shared.append(f"a half-right submission got {half.score} of {half.max_score}")
    own = {}
    for name, *results in zip(names, *graded, strict=True):
        own[name] = [reason for result in results for reason in verdict(name, result, world)]
        if len({msgspec.json.encode(for_student(result)) for result in results}) > 1:
            own[name].append("the student's report depends on the hidden inputs")
        note(f"--- {name}: {own[name] or 'stopped'}", results[0])
    return shared, own


def graded_apart(
    world: World, paths: list[Path], seed: int
) -> tuple[list[SubmissionResult], list[str]]:
    """Grade in a process whose orphans become ours; no results where it came to no end."""
    others = set(psutil.Process().children(recursive=True))
    _adopt_orphans(True)
    own = {
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": world.home,
        "TMPDIR": world.scratch,
        "COURSE_CANARY": world.secret,
    }
    reasons = []
    with (world.folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, __file__, world.root, str(seed), *paths],
            cwd=world.root,
            env=os.environ | {name: str(value) for name, value in own.items()},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        if status := process.wait(ALONE_S + EACH_S * len(paths)):
            said = (world.folder / "log").read_text("utf-8", "replace")[-1000:]
            reasons.append(f"the grader ended with status {status}: {said}")
    except subprocess.TimeoutExpired:
        reasons.append("the grader did not come to an end")
    left = _end_all(others)
    if left and process.returncode is not None:
        reasons.append(f"left processes: {left}")
    process.wait()
    _adopt_orphans(False)
    found = world.folder / "results.json"
    if not found.exists():
        return [], reasons
    report = msgspec.json.decode(found.read_bytes(), type=Report)
    found.unlink()
    if int(report.isolation) > MAX_MEMORY_MB:
        reasons.append(f"made a process take {report.isolation} MiB")
    return report.submissions, reasons


def _adopt_orphans(yes: bool) -> None:
    """Become (or no longer be) the parent of all that grading leaves running (PR 36)."""
    ctypes.CDLL(None).prctl(36, int(yes), 0, 0, 0)


def _end_all(others: set[psutil.Process]) -> list[str]:
    """Kill what is ours and new; the names of what should have been gone a moment after."""

    def left() -> list[psutil.Process]:
        new = [p for p in psutil.Process().children(recursive=True) if p not in others]
        with contextlib.suppress(psutil.NoSuchProcess):
            for process in [p for p in new if p.status() == psutil.STATUS_ZOMBIE]:
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(process.pid, os.WNOHANG)
                new.remove(process)
        return new

    deadline = time.monotonic() + 3
    while (processes := left()) and time.monotonic() < deadline:
        time.sleep(0.05)
    names = []
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            names.append(" ".join(process.cmdline())[-80:] or process.name())
    while processes:
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        time.sleep(0.05)
        processes = left()
    return names


def verdict(name: str, result: SubmissionResult, world: World) -> list[str]:
    """Why an attack counts as one that worked; empty if it was stopped."""
    allowed = REWARD if 'BASELINE = "right"' in ATTACKS[name].read_text("utf-8") else set()
    tests = [test for exercise in result.exercises for test in exercise.tests]
    passed = {test.name for test in tests if test.outcome is Outcome.PASSED} - allowed
    reasons = [f"passed {test}" for test in sorted(passed)]
    if result.score > (2.0 if allowed else 0.0):
        reasons.append(f"got {result.score} points")
    if result.max_score != FULL:
        message = next(t.message for t in tests if t.outcome is Outcome.GRADER_FAULT)
        reasons.append(f"made the grader fail: {message}")
    if not tests:
        reasons.append("has no result")
    for test in tests:
        if test.outcome is not Outcome.PASSED and not is_sentence(test.message):
            reasons.append(f"{test.name} says {test.message!r}")
    return reasons + leaks(result, world)


def is_sentence(text: str) -> bool:
    """Whether it is one line that a person may read."""
    return 0 < len(text) < 500 and "Traceback" not in text and not hidden_characters(text)


def hidden_characters(text: str) -> str:
    """Those that a terminal or a browser would act on."""
    categories = ("Cc", "Cs", "Zl", "Zp")
    bad = (c for c in text if unicodedata.category(c) in categories or "\u202a" <= c <= "\u202e")
    return "".join(bad)


def leaks(result: SubmissionResult, world: World) -> list[str]:
    """What stands in the reports that must not be there."""
    catalog = load_catalog(world.root / "exercises")
    report = Report("standard: x", SEEDS[0], [result])
    shown = io.StringIO()
    reports.print_scores(Console(file=shown, width=200), report)
    reports.print_check(Console(file=shown, width=200), result, catalog)
    pages = {}
    for audience in ("student", "instructor"):
        folder = world.folder / audience
        reports.write_pages(report, catalog, folder, audience=audience)
        pages[audience] = "".join(path.read_text("utf-8") for path in folder.iterdir())
        shutil.rmtree(folder)
    printed = {
        "JUnit": reports.to_junit(report),
        "terminal": shown.getvalue(),
        "CSV": reports.to_csv(report),
        "Markdown": reports.to_markdown(report),
    }
    for_students = {
        "JSON": to_json(student_report(report, result)),
        "page": pages["student"],
        **printed,
    }
    everything = {**for_students, "instructor's page": pages["instructor"], "all": to_json(report)}
    reasons = [f"canary in the {name}" for name, text in everything.items() if world.secret in text]
    for name, text in for_students.items():
        if any(sign in text.lower() for sign in HIDDEN):
            reasons.append(f"hidden input in the {name}")
        reasons += [f"hidden test in the {name}: {line}" for line in hidden_lines() if line in text]
    for name, text in everything.items():
        if bad := hidden_characters(re.sub("[\n\r\t]", "", text)):
            reasons.append(f"raw {bad[:5]!r} in the {name}")
        markup = re.search(r"<script>alert|<img src=x", text)
        if markup and name in ("page", "instructor's page", "JUnit"):
            reasons.append(f"raw {markup[0]} in the {name}")
    for name, text in printed.items():
        if re.search(r"^\s*::|##\[", text, re.MULTILINE):
            reasons.append(f"a command to the CI runner in the {name}")
    cells = [cell for row in csv.reader(printed["CSV"].splitlines()) for cell in row]
    reasons += [f"a formula in the CSV: {cell}" for cell in cells if cell[:1] in "=+-@" and cell]
    cases = ElementTree.fromstring(printed["JUnit"]).findall(".//testcase")
    if len(cases) < sum(len(exercise.tests) for exercise in result.exercises):
        reasons.append("tests are missing in the JUnit")
    return reasons


HIDDEN = ("zqhidden", "zqhidden"[::-1], b"zqhidden".hex(), "enFoaWRkZW4".lower())


@cache
def hidden_lines() -> tuple[str, ...]:
    """The lines of the hidden tests, without what is public: their names and docstrings."""
    source = (FOLDER / "_hidden.py").read_text(encoding="utf-8")
    lines = (line.strip() for line in source.splitlines())
    return tuple(
        x for x in lines if len(x) > 15 and not x.startswith(('"""', "def test", "@", "import"))
    )


def note(text: str, result: SubmissionResult | None = None) -> None:
    """For authors of attacks: write how it went into the file that SHOW_ATTACKS names."""
    if not (path := os.environ.get("SHOW_ATTACKS")):
        return
    tests = [test for exercise in (result.exercises if result else []) for test in exercise.tests]
    lines = [text, *(f"{t.name}: {t.outcome}: {t.message}\n    {t.log[:600]!r}" for t in tests)]
    with Path(path).open("a", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n\n")


# --- The tests ----------------------------------------------------------------------------------


def batches() -> dict[str, tuple[str, ...]]:
    """Attack → the attacks that it is graded with. Neighbours in the alphabet are apart."""
    found: dict[str, tuple[str, ...]] = {}
    for group in ("", *GROUPS):
        names = [name for name in ATTACKS if _group(name) == group]
        n = math.ceil(len(names) / TOGETHER)
        for batch in (tuple(names[start::n]) for start in range(n)):
            found |= dict.fromkeys(batch, batch)
    return found


BATCHES = batches()


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory, request):
    """What all workers of pytest-xdist see; whoever is last with the attacks says how they went."""
    if "ABI" not in sandbox.kernel()["landlock"]:
        pytest.skip("grading needs Landlock, which this kernel does not offer")
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    yield folder
    verdicts: dict[str, list[str]] = {}
    for path in folder.glob("attacks-*.json"):
        if found := path.read_bytes():
            verdicts |= msgspec.json.decode(found, type=dict[str, list[str]])
    if verdicts.keys() == ATTACKS.keys() and not (folder / "attacks-told").exists():
        (folder / "attacks-told").touch()
        stopped = sum(not reasons for reasons in verdicts.values())
        with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
            print(f"\n{stopped} of {len(ATTACKS)} attacks stopped", file=sys.stderr, flush=True)


# First one of each batch, so that workers do not wait for each other.
@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(BATCHES, key=lambda name: BATCHES[name].index(name)))
def test_attack_is_stopped(name, shared_folder):
    reasons = judged_once(BATCHES[name], shared_folder)[name]
    assert not reasons, "\n".join(reasons)


def test_every_attack_says_what_it_tries():
    for path in ATTACKS.values():
        assert (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").strip(), path.name


# --- And the judge is no friend of theirs ---


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path / "world")
    yield made
    made.close()


def test_an_attack_that_works_shows_in_the_score(world):
    worked = f"{world.base}\n\nattack = attack_at_large = lambda *_: True\n"
    paths = [
        world.submission(name, {"langmodels/ngrams.py": text})
        for name, text in {"failed": world.base, "worked": worked}.items()
    ]
    (failed, worked), reasons = graded_apart(world, paths, SEEDS[0])
    assert reasons == []
    assert (failed.score, failed.max_score) == (0, FULL)
    assert worked.score == 4
    assert verdict("alarm", failed, world) == []
    assert "passed test_pairs" in verdict("alarm", worked, world)


DEEDS = {
    "touched drop": lambda w: (w.drop / "x").touch(),
    "touched home/canary.txt": lambda w: (w.home / "canary.txt").chmod(0o666),
    "touched root/canary.txt": lambda w: os.utime(w.root / "canary.txt", (0, 0)),
    "touched submissions": lambda w: (w.submissions / "x").symlink_to("/"),
    "touched scratch": lambda w: (w.scratch / "x").mkdir(),
    "left /dev/shm/": lambda w: Path("/dev/shm", w.mark).touch(),
    "reached the tcp4": lambda w: socket.create_connection(w.listeners["tcp4"].getsockname()),
    "reached the udp": lambda w: socket.socket(type=socket.SOCK_DGRAM).sendto(
        b"x", w.listeners["udp"].getsockname()
    ),
    "reached the abstract": lambda w: socket.socket(socket.AF_UNIX).connect(w.facts["ABSTRACT"]),
}


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("reason, deed", DEEDS.items(), ids=DEEDS)
def test_harm_is_noticed(world, reason, deed):
    before = world.state()
    assert world.harm(before) == []
    deed(world)
    assert any(found.startswith(reason) for found in world.harm(before))


def test_a_process_left_behind_is_noticed():
    others = set(psutil.Process().children(recursive=True))
    _adopt_orphans(True)
    subprocess.run("setsid sleep 60 & setsid setsid sleep 61 &", shell=True, check=True)
    assert len(_end_all(others)) == 2
    _adopt_orphans(False)
    assert set(psutil.Process().children(recursive=True)) == others


@pytest.mark.parametrize("text", ["zqhidden1", "SECRET", hidden_lines()[0], "two\nlines", ""])
def test_what_stands_in_a_report_is_noticed(world, text):
    text = text.replace("SECRET", world.secret)
    tests = [TestResult("test_pairs", Outcome.WRONG, text)]
    exercise = score_exercise("ngrams.count_ngrams", FULL, False, tests)
    assert verdict("alarm", score_submission("x", [exercise]), world)


if __name__ == "__main__":
    main(*sys.argv[1:])
