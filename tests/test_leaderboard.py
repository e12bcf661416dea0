"""The leaderboard shows what the grader has measured, and no number that somebody claims."""

import json
import math
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from autograder import leaderboard
from autograder.leaderboard import (
    LEARNED,
    MAX_SOURCE,
    PREDICTED,
    LeaderboardError,
    NoProbabilitiesError,
    bits_per_byte,
    measure,
    split,
    yardsticks,
)
from autograder.submission import read_package

COURSE = str(Path(sys.executable).with_name("course"))
WORDS = ["to", "be", "or", "not", "that", "is", "the", "question", "whether", "nobler"]
draw = random.Random(0)
TEXT = " ".join(draw.choice(WORDS) for _ in range(600)).encode()
LEARNED_PART, PREDICTED_PART = TEXT[:-200], TEXT[-200:]


@pytest.fixture(scope="module")
def given(project) -> dict[str, bytes]:
    return read_package(project.root / "src" / "langmodels")


@pytest.fixture
def enter(tmp_path):
    """A submission whose follow() has this body; `text` and `byte` are at hand."""

    def enter(body: str, name: str = "anna") -> Path:
        source = "import numpy as np\nclass Model:\n    def __init__(self, text):\n"
        source += (
            "        self.text = text\n    def follow(self, byte):\n        text = self.text\n"
        )
        path = tmp_path / name / "langmodels" / "leaderboard.py"
        path.parent.mkdir(parents=True)
        path.write_text(source + f"        {body}\n", "utf-8")
        return tmp_path / name

    return enter


def test_blind_guessing_costs_eight_bits(enter, given):
    entry = measure(enter("return np.full(256, 1 / 256)"), given, LEARNED_PART, PREDICTED_PART)
    assert entry is not None
    assert entry.bits == pytest.approx(8)


@pytest.mark.parametrize("form", ["p", "p.tolist()", "p.astype(np.float32)"])
def test_a_model_costs_what_its_probabilities_say(enter, given, form):
    body = "p = np.ones(256); p[np.frombuffer(text, np.uint8)] += 9; p /= p.sum(); return " + form
    entry = measure(enter(body), given, LEARNED_PART, PREDICTED_PART)
    known = {*LEARNED_PART}
    total = 256 + 9 * len(known)
    bits = [-math.log2((10 if byte in known else 1) / total) for byte in PREDICTED_PART]
    assert entry is not None
    assert entry.bits == pytest.approx(sum(bits) / len(bits), rel=1e-5)


def test_the_starter_beats_blind_guessing_and_is_no_entry_itself(given, tmp_path):
    path = tmp_path / "ben" / "langmodels" / "leaderboard.py"
    path.parent.mkdir(parents=True)
    path.write_bytes(given["leaderboard.py"])
    assert measure(tmp_path / "ben", given, LEARNED_PART, PREDICTED_PART) is None
    path.write_bytes(given["leaderboard.py"] + b"# mine\n")
    entry = measure(tmp_path / "ben", given, LEARNED_PART, PREDICTED_PART)
    assert entry is not None and entry.bits is not None
    assert 1 < entry.bits < 7
    path.unlink()
    (path.parent / "ngrams.py").touch()
    assert measure(tmp_path / "ben", given, LEARNED_PART, PREDICTED_PART) is None


class Watched:
    """A package that notes what it is told, and when."""

    def __init__(self) -> None:
        self.told: list[int] = []

    def call(self, target, name, args, kwargs, keep):
        if name == "Model":
            self.learned = args[0]
            return self
        self.told += args
        return np.full(256, 1 / 256)


def test_a_model_sees_a_byte_only_after_it_has_spoken():
    package = Watched()
    bits_per_byte(package, b"abc", b"defg")
    assert package.learned == b"abc"
    assert bytes(package.told) == b"cdef"  # the last byte is never told


@pytest.mark.parametrize(
    ("claim", "message"),
    [
        ("np.ones(256)", "no probabilities"),
        ("np.full(256, 1e6)", "no probabilities"),
        ("np.full(256, np.nan)", "no probabilities"),
        ("np.full(256, np.inf)", "no probabilities"),
        ("np.r_[np.full(255, -1.0), 256.0]", "no probabilities"),
        ("np.full(255, 1 / 255)", "256 numbers"),
        ("np.full((256, 1), 1 / 256)", "256 numbers"),
        ("np.full(256, 1 / 256 + 0j)", "256 numbers"),
        ("np.ones(256, bool)", "256 numbers"),
        ("0.0", "256 numbers"),
        ("None", "256 numbers"),
        ("['0.5'] * 256", "256 numbers"),
        ("[[1], [2, 3]]", "no array"),
        ("{'bits': 0.0}", "256 numbers"),
        ("np.eye(256)[0]", "probability 0"),
    ],
)
def test_no_claim_becomes_a_number(enter, given, claim, message):
    entry = measure(enter(f"return {claim}"), given, LEARNED_PART, PREDICTED_PART)
    assert entry is not None
    assert entry.bits is None
    assert message in entry.message


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("raise ValueError(text.decode())", "error in your code"),
        ("import os; os._exit(0)", "crashed"),
        ("open('/etc/passwd')", "blocked by the box"),
        ("return b'x' * 10**9", "out of memory"),
    ],
)
def test_what_fails_has_no_number_and_no_words_of_its_own(enter, given, body, words):
    entry = measure(enter(body), given, LEARNED_PART, PREDICTED_PART)
    assert entry is not None
    assert entry.bits is None
    assert "question" not in entry.message
    assert words in entry.message or entry.message == "output too large"


def test_the_kernel_keeps_the_budget(enter, given, monkeypatch):
    monkeypatch.setattr(leaderboard, "LIMITS", leaderboard.Limits(wall_s=20, cpu_s=1))
    entry = measure(enter("while True: pass"), given, LEARNED_PART, PREDICTED_PART)
    assert entry is not None
    assert (entry.bits, entry.message) == (None, "timeout")


def test_knowledge_that_is_brought_along_is_small(enter, given):
    path = enter("return np.full(256, 1 / 256)")
    (path / "langmodels" / "weights.py").write_bytes(b"#" * MAX_SOURCE)
    entry = measure(path, given, LEARNED_PART, PREDICTED_PART)
    assert entry is not None
    assert (entry.bits, entry.message) == (None, "more than 256 KiB of source")


def test_compressors_are_measured_on_the_same_bytes():
    noise = np.random.default_rng(0).bytes(40_000)
    for text, low, high in ((noise, 7.9, 8.2), (b"ab" * 20_000, -0.1, 0.2)):
        found = {e.name: e.bits for e in yardsticks(text[:-16_000], text[-16_000:])}
        assert set(found) == {"gzip", "bzip2", "xz"}
        assert all(low < bits < high for bits in found.values())


def test_the_last_bytes_of_a_text_are_predicted():
    text = bytes(n % 251 for n in range(LEARNED + PREDICTED + 5))
    learned, predicted = split(text)
    assert (len(learned), len(predicted)) == (LEARNED, PREDICTED)
    assert text.startswith(learned + predicted)
    with pytest.raises(LeaderboardError, match="at least 65,536"):
        split(b"too short")


def test_no_answer_is_not_taken_for_one():
    class Silent(Watched):
        def call(self, target, name, args, kwargs, keep):
            return None

    with pytest.raises(NoProbabilitiesError):
        bits_per_byte(Silent(), b"abc", b"d")


def test_the_command_writes_a_page_in_order_with_names_escaped(project, enter, tmp_path):
    enter("return np.full(256, 1 / 256)", "all/<script>b")
    enter("return np.ones(256)", "all/claim")
    enter("p = np.ones(256); p[list(text[:99])] = 99; return p / p.sum()", "all/anna")
    text = tmp_path / "text"
    text.write_bytes(b" ".join([TEXT] * 30))
    command = [COURSE, "leaderboard", str(tmp_path / "all"), "--text", str(text)]
    done = subprocess.run(
        [*command, "--out", str(tmp_path / "out"), "--json"],
        cwd=project.root,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    board = json.loads(done.stdout)
    own = [entry["name"] for entry in board["entries"] if not entry["yardstick"]]
    assert own == ["anna", "<script>b", "claim"]
    assert board["isolation"].split(":")[0] in ("standard", "full")
    page = (tmp_path / "out" / "index.html").read_text("utf-8")
    assert "<script" not in page
    assert page.index("anna") < page.index("&lt;script&gt;b") < page.index("claim")
    assert "8.000" in page
