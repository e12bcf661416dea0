"""The notebook of chapter 1 as an assignment: what nbgrader makes of it, and what it pays for.

nbgrader works in a child process (this file, run as a program): it warns a lot, and everything that
it writes stays in a temporary folder. Wrong and other right answers are tried without a kernel.
"""

import ast
import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import nbformat
import pytest

pytestmark = pytest.mark.xdist_group("nbgrader")

ROOT = Path(__file__).parents[1]
ASSIGNMENT, NOTEBOOK = "01-ngrams", "ngrams.ipynb"
SOURCE = ROOT / "exercises" / ASSIGNMENT / NOTEBOOK
MANUAL = {"vocabulary-sentence": 1, "window": 5, "judgement": 3}
AUTOMATIC = {
    "test-hand-sentence": 2,
    "test-hand-smoothed": 1,
    "test-zero-rate": 2,
    "test-zero-rates": 1,
    "test-choose-k": 2,
    "test-chosen-k": 1,
    "test-full-cross-entropy": 3,
    "test-vocabulary": 2,
    "test-suggest-ranking": 2,
    "test-suggest-typed": 1,
    "test-excess": 3,
    "test-excess-floor": 1,
}
POINTS = 30

# Other right answers, as another hand would write them. One of them also writes to stderr.
ALTERNATIVES = {
    "hand-sentence": """
one = Fraction(1)
factors = [one / 6, one, Fraction("0.4"), one / 4, one, one, one / 2]
sentence_probability = Fraction(1, 120)
""",
    "hand-smoothed": """
V, p_seen, p_new, p_panda = 20, Fraction(1, 10), Fraction(1, 30), Fraction(1, 20)
""",
    "zero-rate": """
def zero_rate(model, sentences):
    found = []
    for sentence in sentences:
        context = [BOS]
        for word in list(sentence) + [EOS]:
            recent = context[-(model.order - 1):] if model.order > 1 else []
            found.append(not model.prob(word, tuple(recent)))
            context.append(word)
    return sum(found) / len(found)
""",
    "choose-k": """
def choose_k(learn, held_out, order, candidates, vocabulary):
    tried = []
    for k in candidates:
        print("a progress bar", file=sys.stderr)
        bits = ngrams.cross_entropy(ngrams.AddK(learn, order, k, vocabulary), held_out)
        tried.append((bits, k))
    bits, k = sorted(tried)[0]
    return [k, 2**bits]
""",
    "full-cross-entropy": """
def full_cross_entropy(model, sentences, full_vocabulary):
    lacking = [word for word in full_vocabulary if word not in model.vocabulary]
    costs = []
    for sentence in sentences:
        for t, word in enumerate([*sentence, EOS]):
            q = model.prob(word, [BOS, *sentence[:t]])
            costs.append(-math.log2(q / len(lacking) if word in lacking else q))
    return math.fsum(costs) / len(costs)
""",
    "suggest": """
def suggest(model, context, n=3, typed=""):
    seen = pad(context)[:-1]
    ranked = sorted(w for w in model.vocabulary if w[: len(typed)] == typed)
    ranked.sort(key=lambda w: model.prob(w, seen), reverse=True)
    return [w for w in ranked if w != EOS and w != UNK][:n]
""",
    "excess": """
def excess(model, documents):
    numbers, sums = {}, {}
    for tokens, log_probs, kinds in documents:
        context = [BOS]
        for token, truth, kind in zip(tokens, log_probs, kinds):
            said = EOS if token == microworld.END else token
            name = group(kind, token)
            numbers[name] = numbers.get(name, 0) + 1
            paid = math.log(model.prob(said, context))
            sums[name] = sums.get(name, 0) + (truth - paid) / math.log(2)
            context = context + [token]
    return {name: (numbers[name], sums[name]) for name in numbers}
""",
}

# Wrong answers that students give: answer cell, what is wrong, the code, the tests that see it.
MISTAKES = [
    (
        "hand-sentence",
        "the end marker is forgotten",
        """
factors = [Fraction(1, 6), Fraction(1), Fraction(2, 5), Fraction(1, 4), Fraction(1), Fraction(1)]
sentence_probability = math.prod(factors)
""",
        {"test-hand-sentence"},
    ),
    (
        "hand-sentence",
        "rounded numbers",
        """
factors = [1 / 6, 1.0, 0.4, 0.25, 1.0, 1.0, 0.5]
sentence_probability = math.prod(factors)
""",
        {"test-hand-sentence"},
    ),
    (
        "hand-sentence",
        "the product is of other factors",
        """
factors = [Fraction(n, d) for n, d in ((1, 6), (1, 1), (2, 5), (1, 4), (1, 1), (1, 1), (1, 2))]
sentence_probability = math.prod(factors[1:])
""",
        {"test-hand-sentence"},
    ),
    *(
        (
            "hand-smoothed",
            f"V = {size}: {reason}",
            f"""
V = {size}
p_seen, p_new, p_panda = Fraction(3, 10 + V), Fraction(1, 10 + V), Fraction(1, V)
""",
            {"test-hand-smoothed"},
        )
        for size, reason in ((18, "words only"), (19, "no <unk>"), (21, "with <s>"))
    ),
    (
        "zero-rate",
        "the end marker is not predicted",
        """
def zero_rate(model, sentences):
    pairs = [(s[t], [BOS, *s[:t]]) for s in sentences for t in range(len(s))]
    return sum(model.prob(word, context) == 0 for word, context in pairs) / max(1, len(pairs))
""",
        {"test-zero-rate"},
    ),
    (
        "zero-rate",
        "the mean of the sentences' rates",
        """
def zero_rate(model, sentences):
    rates = []
    for tokens in map(pad, sentences):
        zeros = [model.prob(tokens[t], tokens[:t]) == 0 for t in range(1, len(tokens))]
        rates.append(sum(zeros) / len(zeros))
    return sum(rates) / len(rates)
""",
        {"test-zero-rate"},
    ),
    (
        "zero-rate",
        "the first word is predicted from nothing",
        """
def zero_rate(model, sentences):
    pairs = [(word, s[:t]) for s in sentences for t, word in enumerate([*s, EOS])]
    return sum(model.prob(word, context) == 0 for word, context in pairs) / len(pairs)
""",
        {"test-zero-rate"},
    ),
    (
        "zero-rate",
        "a small probability is called zero",
        """
def zero_rate(model, sentences):
    pairs = [(p[t], p[:t]) for p in map(pad, sentences) for t in range(1, len(p))]
    return sum(model.prob(word, context) < 1e-12 for word, context in pairs) / len(pairs)
""",
        {"test-zero-rate"},
    ),
    (
        "zero-rate",
        "impossible sentences, not tokens",
        """
def zero_rate(model, sentences):
    impossible = [
        any(model.prob(p[t], p[:t]) == 0 for t in range(1, len(p))) for p in map(pad, sentences)
    ]
    return sum(impossible) / len(impossible)
""",
        {"test-zero-rate", "test-zero-rates"},
    ),
    (
        "zero-rates",
        "all of the training text",
        """
zero_rates = {
    n: zero_rate(ngrams.MaximumLikelihood(train, n, vocabulary), test) for n in range(1, 6)
}
""",
        {"test-zero-rates"},
    ),
    (
        "zero-rates",
        "measured on the text that was counted",
        """
zero_rates = {
    n: zero_rate(ngrams.MaximumLikelihood(few, n, vocabulary), few) for n in range(1, 6)
}
""",
        {"test-zero-rates"},
    ),
    (
        "choose-k",
        "chosen on the text that was counted",
        """
def choose_k(learn, held_out, order, candidates, vocabulary):
    def cost(k):
        return ngrams.perplexity(ngrams.AddK(learn, order, k, vocabulary), learn)
    best = min(candidates, key=cost)
    return best, ngrams.perplexity(ngrams.AddK(learn, order, best, vocabulary), held_out)
""",
        {"test-choose-k", "test-chosen-k"},
    ),
    (
        "choose-k",
        "bits instead of perplexity",
        """
def choose_k(learn, held_out, order, candidates, vocabulary):
    costs = {
        k: ngrams.cross_entropy(ngrams.AddK(learn, order, k, vocabulary), held_out)
        for k in candidates
    }
    best = min(costs, key=costs.get)
    return best, costs[best]
""",
        {"test-choose-k", "test-chosen-k"},
    ),
    (
        "choose-k",
        "the vocabulary is forgotten",
        """
def choose_k(learn, held_out, order, candidates, vocabulary):
    costs = {k: ngrams.perplexity(ngrams.AddK(learn, order, k), held_out) for k in candidates}
    best = min(costs, key=costs.get)
    return best, costs[best]
""",
        {"test-choose-k"},
    ),
    (
        "choose-k",
        "unknown words are skipped",
        """
def choose_k(learn, held_out, order, candidates, vocabulary):
    costs = {
        k: ngrams.perplexity(ngrams.AddK(learn, order, k, vocabulary), held_out, oov="skip")
        for k in candidates
    }
    best = min(costs, key=costs.get)
    return best, costs[best]
""",
        {"test-choose-k"},
    ),
    (
        "chosen-k",
        "the perplexity on the tuning text is reported",
        """
best_k, tune_perplexity = choose_k(few, tune, 3, CANDIDATES, vocabulary)
test_perplexity = tune_perplexity
""",
        {"test-chosen-k"},
    ),
    (
        "chosen-k",
        "a bigram model",
        """
best_k, tune_perplexity = choose_k(few, tune, 2, CANDIDATES, vocabulary)
test_perplexity = ngrams.perplexity(ngrams.AddK(few, 2, best_k, vocabulary), test)
""",
        {"test-chosen-k"},
    ),
    (
        "full-cross-entropy",
        "N counts the unknown words of the text only",
        """
def full_cross_entropy(model, sentences, full_vocabulary):
    unknown = [word for s in sentences for word in s if word not in model.vocabulary]
    n_tokens = sum(len(s) + 1 for s in sentences)
    price = math.log2(len(set(unknown))) if unknown else 0
    return ngrams.cross_entropy(model, sentences) + len(unknown) * price / n_tokens
""",
        {"test-full-cross-entropy"},
    ),
    (
        "full-cross-entropy",
        "the guess is among all words",
        """
def full_cross_entropy(model, sentences, full_vocabulary):
    n_unknown = sum(word not in model.vocabulary for s in sentences for word in s)
    n_tokens = sum(len(s) + 1 for s in sentences)
    bits = n_unknown * math.log2(len(full_vocabulary))
    return ngrams.cross_entropy(model, sentences) + bits / n_tokens
""",
        {"test-full-cross-entropy"},
    ),
    (
        "full-cross-entropy",
        "the price is in nats",
        """
def full_cross_entropy(model, sentences, full_vocabulary):
    unknown = set(full_vocabulary) - set(model.vocabulary)
    n_unknown = sum(word in unknown for s in sentences for word in s)
    n_tokens = sum(len(s) + 1 for s in sentences)
    bits = n_unknown * math.log(len(unknown)) if unknown else 0
    return ngrams.cross_entropy(model, sentences) + bits / n_tokens
""",
        {"test-full-cross-entropy"},
    ),
    (
        "full-cross-entropy",
        "end markers are left out of the average",
        """
def full_cross_entropy(model, sentences, full_vocabulary):
    unknown = set(full_vocabulary) - set(model.vocabulary)
    n_unknown = sum(word in unknown for s in sentences for word in s)
    bits = n_unknown * math.log2(len(unknown)) if unknown else 0
    return ngrams.cross_entropy(model, sentences) + bits / max(1, sum(map(len, sentences)))
""",
        {"test-full-cross-entropy"},
    ),
    (
        "vocabulary",
        "unknown words are skipped",
        """
rows = []
for min_count in MIN_COUNTS:
    known = ngrams.build_vocabulary(train, min_count)
    model = ngrams.kneser_ney(train, 3, known)
    full = 2 ** full_cross_entropy(model, test, vocabulary)
    rows.append((min_count, len(known), ngrams.perplexity(model, test, oov="skip"), full))
""",
        {"test-vocabulary"},
    ),
    (
        "vocabulary",
        "bits in the last column",
        """
rows = []
for min_count in MIN_COUNTS:
    known = ngrams.build_vocabulary(train, min_count)
    model = ngrams.kneser_ney(train, 3, known)
    full = full_cross_entropy(model, test, vocabulary)
    rows.append((min_count, len(known), ngrams.perplexity(model, test), full))
""",
        {"test-vocabulary"},
    ),
    (
        "suggest",
        "markers are offered",
        """
def suggest(model, context, n=3, typed=""):
    words = [word for word in model.vocabulary if word.startswith(typed)]
    return sorted(words, key=lambda word: (-model.prob(word, [BOS, *context]), word))[:n]
""",
        {"test-suggest-typed"},
    ),
    (
        "suggest",
        "the sentence has no beginning",
        """
def suggest(model, context, n=3, typed=""):
    words = [w for w in model.vocabulary if w not in (EOS, UNK) and w.startswith(typed)]
    return sorted(words, key=lambda word: (-model.prob(word, context), word))[:n]
""",
        {"test-suggest-ranking"},
    ),
    (
        "suggest",
        "equals in the reverse of the alphabet",
        """
def suggest(model, context, n=3, typed=""):
    words = [w for w in model.vocabulary if w not in (EOS, UNK) and w.startswith(typed)]
    ranked = sorted(words, key=lambda w: (model.prob(w, [BOS, *context]), w), reverse=True)
    return ranked[:n]
""",
        {"test-suggest-ranking", "test-suggest-typed"},
    ),
    (
        "suggest",
        "what is typed comes too late",
        """
def suggest(model, context, n=3, typed=""):
    words = [w for w in model.vocabulary if w not in (EOS, UNK)]
    ranked = sorted(words, key=lambda w: (-model.prob(w, [BOS, *context]), w))[:n]
    return [word for word in ranked if word.startswith(typed)]
""",
        {"test-suggest-typed"},
    ),
    (
        "suggest",
        "any words will do",
        """
def suggest(model, context, n=3, typed=""):
    words = sorted(w for w in model.vocabulary if w not in (EOS, UNK) and w.startswith(typed))
    return words[:n]
""",
        {"test-suggest-ranking", "test-suggest-typed"},
    ),
    *(
        (
            "excess",
            what,
            f"""
def excess(model, documents):
    result = {{}}
    for document in documents:
        tokens = {tokens}
        for t, (token, log_prob, kind) in enumerate(zip(*document), start=1):
            bits = {bits}
            name = {name}
            count, total = result.get(name, (0, 0.0))
            result[name] = count + 1, total + {add}
    return {result}
""",
            seen_by,
        )
        for what, tokens, bits, name, add, result, seen_by in (
            (
                "the world's end marker is asked for",
                "[BOS, *document.tokens]",
                "log_prob / math.log(2) - math.log2(model.prob(tokens[t], tokens[:t]))",
                "group(kind, token)",
                "bits",
                "result",
                {"test-excess", "test-excess-floor"},
            ),
            (
                "nats and bits are mixed",
                "pad(document.tokens[:-1])",
                "log_prob - math.log2(model.prob(tokens[t], tokens[:t]))",
                "group(kind, token)",
                "bits",
                "result",
                {"test-excess", "test-excess-floor"},
            ),
            (
                "the kind is not grouped",
                "pad(document.tokens[:-1])",
                "log_prob / math.log(2) - math.log2(model.prob(tokens[t], tokens[:t]))",
                "kind",
                "bits",
                "result",
                {"test-excess"},
            ),
            (
                "luck is not allowed",
                "pad(document.tokens[:-1])",
                "log_prob / math.log(2) - math.log2(model.prob(tokens[t], tokens[:t]))",
                "group(kind, token)",
                "max(0, bits)",
                "result",
                {"test-excess", "test-excess-floor"},
            ),
            (
                "the mean of the group",
                "pad(document.tokens[:-1])",
                "log_prob / math.log(2) - math.log2(model.prob(tokens[t], tokens[:t]))",
                "group(kind, token)",
                "bits",
                "{key: (n, b / n) for key, (n, b) in result.items()}",
                {"test-excess", "test-excess-floor"},
            ),
            (
                "what the model pays, not what it pays too much",
                "pad(document.tokens[:-1])",
                "-math.log2(model.prob(tokens[t], tokens[:t]))",
                "group(kind, token)",
                "bits",
                "result",
                {"test-excess", "test-excess-floor"},
            ),
        )
    ),
]
# One submission with four of them; the other answers are right, in another hand.
MISTAKEN = {
    "the end marker is forgotten",
    "the mean of the sentences' rates",
    "the perplexity on the tuning text is reported",
    "markers are offered",
}
WRITTEN = {
    "window": "The name of the hero, because it is too far away.",
    "judgement": "A keyboard.",
}


def kind_of(cell: Any) -> str:
    """What nbgrader takes a cell for."""
    flags = cell.metadata.nbgrader
    match flags.grade, flags.solution, flags.locked:
        case True, False, True:
            return "check"
        case True, True, False:
            return "essay"
        case False, True, False:
            return "answer"
        case False, False, True:
            return "given"
    raise ValueError(f"{cell.id}: no such kind of cell: {dict(flags)}")


def submission(release: Any, answers: dict[str, str]) -> Any:
    """The student's notebook with answers written into it."""
    filled = nbformat.from_dict(json.loads(json.dumps(release)))
    for cell in filled.cells:
        cell.source = answers.get(cell.metadata.nbgrader.grade_id, cell.source)
    return filled


# --- In the child process: nbgrader ---------------------------------------------------------------


def succeed(step: dict[str, Any]) -> None:
    """Stop with nbgrader's own words if a step has failed."""
    if not step["success"]:
        sys.exit(f"{step.get('error', '')}\n{step.get('log', '')}")


def run_nbgrader(course: Path) -> dict[str, Any]:
    """Make the release, hand in, autograde; everything stays below `course`."""
    from nbgrader.api import Gradebook
    from nbgrader.apps import NbGraderAPI
    from nbgrader.nbgraderformat import MetadataValidator
    from nbgrader.utils import compute_checksum
    from traitlets.config import Config

    config = Config()
    config.CourseDirectory.root = str(course)
    config.CourseDirectory.course_id = "course"
    config.Exchange.root = str(course / "exchange")
    config.NbGraderAPI.log_level = "WARN"
    api = NbGraderAPI(config=config)

    source = nbformat.read(SOURCE, as_version=4)
    MetadataValidator().validate_nb(source)
    folder = course / "source" / ASSIGNMENT
    folder.mkdir(parents=True)
    shutil.copy(SOURCE, folder)
    succeed(api.generate_assignment(ASSIGNMENT))
    release = nbformat.read(course / "release" / ASSIGNMENT / NOTEBOOK, as_version=4)
    MetadataValidator().validate_nb(release)
    sound = all(c.metadata.nbgrader.checksum == compute_checksum(c) for c in release.cells)

    wrong = {answer: code for answer, what, code, _ in MISTAKES if what in MISTAKEN}
    hand_ins = {
        "model": source,
        "untouched": release,
        # What only shows numbers is taken from the source.
        "mistaken": submission(
            release,
            {
                **{c.id: c.source for c in source.cells if c.id in ("zero-rates", "vocabulary")},
                **ALTERNATIVES,
                **wrong,
                **WRITTEN,
            },
        ),
    }
    scores: dict[str, Any] = {}
    for student, notebook in hand_ins.items():
        folder = course / "submitted" / student / ASSIGNMENT
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / NOTEBOOK)
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        (folder / "timestamp.txt").write_text(now, encoding="utf-8")
        succeed(api.autograde(ASSIGNMENT, student))
        with Gradebook(api.coursedir.db_url, "course") as gradebook:
            graded = gradebook.find_submission(ASSIGNMENT, student)
            grades = [grade for notebook in graded.notebooks for grade in notebook.grades]
            scores[student] = {
                "score": graded.score,
                "max_score": graded.max_score,
                "cells": {grade.name: grade.score for grade in grades},
                "to_grade": sorted(grade.name for grade in grades if grade.needs_manual_grade),
            }
    return {"checksums_match": sound, "scores": scores}


if __name__ == "__main__":
    place = Path(sys.argv[1])
    result = run_nbgrader(place)
    (place / "result.json").write_text(json.dumps(result), encoding="utf-8")
    sys.exit()


# --- Fixtures -------------------------------------------------------------------------------------


def environment(home: Path, package: Path) -> dict[str, str]:
    """For a child: its own home and Jupyter folders, and this `langmodels` before all others."""
    names = ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    folders = {name: str(home / name.lower()) for name in names}
    for folder in folders.values():
        Path(folder).mkdir(parents=True, exist_ok=True)
    # nbgrader starts `alembic` by its bare name.
    commands = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    settings = {"PATH": commands, "PYTHONPATH": str(package), "OMP_NUM_THREADS": "1"}
    return {**os.environ, **folders, **settings}


@pytest.fixture(scope="module")
def source() -> Any:
    return nbformat.read(SOURCE, as_version=4)


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """A course folder in which three students have been graded."""
    place = tmp_path_factory.mktemp("course")
    command = [sys.executable, "-W", "ignore", __file__, str(place)]
    child = subprocess.run(
        command,
        env=environment(place / "home", ROOT / "solutions"),
        cwd=place,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert child.returncode == 0, child.stderr[-4000:]
    return place


@pytest.fixture(scope="module")
def graded(course) -> dict[str, Any]:
    return json.loads((course / "result.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def release(course, graded) -> Any:
    return nbformat.read(course / "release" / ASSIGNMENT / NOTEBOOK, as_version=4)


@contextlib.contextmanager
def silence():
    """Keep what the notebook prints, and give it streams of its own: it redirects stderr."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield


def execute(cell: Any, names: dict[str, Any], code: str | None = None) -> None:
    exec(compile(code or cell.source, cell.id, "exec"), names)


@pytest.fixture(scope="module")
def solved(source) -> dict[str, Any]:
    """Every name of the notebook after all of it has run."""
    names: dict[str, Any] = {"__name__": "notebook"}
    with silence():
        for cell in source.cells:
            if cell.cell_type == "code":
                execute(cell, names)
    return names


def part_of(source: Any, answer: str) -> list[Any]:
    """The cells between two headings, around this answer."""
    part: list[Any] = []
    for cell in source.cells:
        if cell.cell_type == "markdown" and cell.source.startswith(("# ", "## ")):
            if any(known.id == answer for known in part):
                break
            part = []
        part.append(cell)
    return part


def failures(source: Any, solved: dict[str, Any], answer: str, code: str) -> dict[str, Exception]:
    """The tests of the part that fail when this answer is replaced, and how."""
    names, failed = dict(solved), {}
    with silence():
        for cell in part_of(source, answer):
            if cell.cell_type != "code":
                continue
            try:
                execute(cell, names, code if cell.id == answer else None)
            except Exception as error:
                assert kind_of(cell) == "check", f"{cell.id} breaks: {error!r}"
                failed[cell.id] = error
    return failed


# --- The source -----------------------------------------------------------------------------------


def test_the_source_is_stored_without_results(source):
    text = nbformat.writes(source, indent=1, ensure_ascii=False).rstrip("\n") + "\n"
    assert text == SOURCE.read_text(encoding="utf-8")
    assert source.metadata.kernelspec.name == "python3"
    code = [cell for cell in source.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
    assert not re.search(r"/(?:home|root|tmp|work|Users)/", text)


def test_every_cell_has_a_role_and_a_stable_name(source):
    keys = {"schema_version", "grade", "grade_id", "locked", "solution", "task"}
    for cell in source.cells:
        flags = dict(cell.metadata.nbgrader)
        assert flags["schema_version"] == 3
        assert flags["task"] is False
        assert set(flags) - {"points"} == keys, cell.id
        assert ("points" in flags) == flags["grade"], cell.id
        assert flags["grade_id"] == cell.id
        assert (kind_of(cell) == "essay") <= (cell.cell_type == "markdown")
    assert len({cell.id for cell in source.cells}) == len(source.cells)


def test_points_are_those_of_the_table_at_the_beginning(source):
    points = {
        c.id: c.metadata.nbgrader.points for c in source.cells if "points" in c.metadata.nbgrader
    }
    assert points == AUTOMATIC | MANUAL
    assert sum(points.values()) == POINTS
    promised = re.findall(r"^\| (\d) \| (.+?) \| (\d+) \|$", source.cells[0].source, re.MULTILINE)
    answers = {}
    for number, title, _ in promised:
        heading = f"## {number}. {title}\n"
        start = next(i for i, c in enumerate(source.cells) if c.source.startswith(heading))
        part = part_of(source, source.cells[start].id)
        answers[number] = sum(points.get(cell.id, 0) for cell in part)
    assert answers == {number: int(value) for number, _, value in promised}
    assert sum(answers.values()) == POINTS


def test_no_test_is_hidden_in_a_cell_that_students_get_back(source):
    assert not any("HIDDEN" in cell.source for cell in source.cells)


def test_every_answer_is_marked_as_a_solution_and_every_essay_has_marks(source):
    for cell in source.cells:
        expected = 1 if kind_of(cell) in ("answer", "essay") else 0
        assert cell.source.count("### BEGIN SOLUTION") == expected, cell.id
        assert cell.source.count("### END SOLUTION") == expected, cell.id
        if kind_of(cell) == "essay":
            assert "*Marks" in cell.source, f"{cell.id} does not say what earns the points"


# --- The release ----------------------------------------------------------------------------------


def test_the_release_holds_no_line_of_a_solution(source, release):
    shown = {line.strip() for cell in release.cells for line in cell.source.splitlines()}
    assert not any("SOLUTION" in line for line in shown)
    for cell in source.cells:
        for region in re.findall(r"### BEGIN SOLUTION\n(.*?)### END", cell.source, re.DOTALL):
            lines = {line.strip() for line in region.splitlines()} - {"", "]", ")", "}"}
            assert lines
            assert not lines & shown, f"{cell.id}: the student's notebook shows {lines & shown}"


def test_the_release_asks_for_every_answer_and_protects_the_rest(release, graded):
    assert graded["checksums_match"]
    for cell in release.cells:
        kind = kind_of(cell)
        assert ("YOUR CODE HERE\n" in cell.source) == (kind == "answer"), cell.id
        assert (cell.source == "YOUR ANSWER HERE") == (kind == "essay"), cell.id
        assert cell.metadata.get("editable", True) == (kind in ("answer", "essay")), cell.id
        assert cell.metadata.deletable is False


# --- Grading --------------------------------------------------------------------------------------


def test_the_model_answers_earn_every_automatic_point(graded):
    model = graded["scores"]["model"]
    assert model["cells"] == AUTOMATIC | dict.fromkeys(MANUAL, 0)
    assert model["max_score"] == POINTS


def test_essays_wait_for_a_person(graded):
    assert graded["scores"]["model"]["to_grade"] == sorted(MANUAL)
    assert graded["scores"]["mistaken"]["to_grade"] == sorted(WRITTEN)


def test_an_untouched_notebook_earns_nothing(graded):
    untouched = graded["scores"]["untouched"]
    assert untouched["score"] == 0
    assert not any(untouched["cells"].values())
    assert untouched["to_grade"] == []


def test_a_submission_loses_what_it_gets_wrong_and_nothing_else(graded):
    lost = set().union(*(seen_by for _, what, _, seen_by in MISTAKES if what in MISTAKEN))
    cells = graded["scores"]["mistaken"]["cells"]
    assert {name for name in AUTOMATIC if not cells[name]} == lost
    assert {name for name in AUTOMATIC if cells[name]} == set(AUTOMATIC) - lost
    assert graded["scores"]["mistaken"]["score"] == sum(
        points for name, points in AUTOMATIC.items() if name not in lost
    )


def test_a_test_that_passes_writes_nothing(course, graded):
    """nbgrader reads a number, a truth value or a text after a test as the score."""
    path = course / "autograded" / "model" / ASSIGNMENT / NOTEBOOK
    for cell in nbformat.read(path, as_version=4).cells:
        if kind_of(cell) == "check":
            assert cell.outputs == [], cell.id


def test_what_an_answer_writes_to_stderr_costs_nothing(course, graded):
    """nbgrader itself gives no points to a cell that writes to stderr."""
    path = course / "autograded" / "mistaken" / ASSIGNMENT / NOTEBOOK
    cells = nbformat.read(path, as_version=4).cells
    [output] = next(cell.outputs for cell in cells if cell.id == "test-choose-k")
    assert output.name == "stdout"
    assert "a progress bar" in output.text
    assert graded["scores"]["mistaken"]["cells"]["test-choose-k"] == AUTOMATIC["test-choose-k"]


def test_a_failed_test_says_what_is_wrong(course, graded):
    path = course / "autograded" / "mistaken" / ASSIGNMENT / NOTEBOOK
    cells = {cell.id: cell for cell in nbformat.read(path, as_version=4).cells}
    [error] = cells["test-hand-sentence"].outputs
    assert error.evalue == "7 predictions lead from <s> to </s>, you list 6"


# --- Wrong answers and other right ones, without a kernel -----------------------------------------

CONSTANTS = [0, 1, 0.5, -1.0, float("nan"), True, None, "", [], {}, (), Fraction(1, 2), (1, 1.0)]


def names_of(cell: Any) -> list[str]:
    """What an answer cell defines."""
    names = []
    for statement in ast.parse(cell.source).body:
        if isinstance(statement, ast.FunctionDef):
            names.append(statement.name)
        elif isinstance(statement, ast.Assign):
            targets = ast.walk(statement.targets[0])
            names += [target.id for target in targets if isinstance(target, ast.Name)]
    return names


@pytest.mark.parametrize("check", AUTOMATIC)
def test_constant_answers_fail(source, solved, check):
    """Each answer replaced by a constant, alone and all together; a test follows its answer."""
    position = next(i for i, cell in enumerate(source.cells) if cell.id == check)
    answer = next(c for c in reversed(source.cells[:position]) if kind_of(c) == "answer")
    names = names_of(answer)
    assert names
    for constant in CONSTANTS:
        null = (lambda *_, c=constant, **__: c) if callable(solved[names[0]]) else constant
        for replaced in [*([name] for name in names), names]:
            with silence(), pytest.raises(Exception):  # noqa: B017
                execute(source.cells[position], solved | dict.fromkeys(replaced, null))


@pytest.mark.parametrize(
    ("answer", "code", "seen_by"),
    [pytest.param(a, code, seen_by, id=f"{a}: {what}") for a, what, code, seen_by in MISTAKES],
)
def test_a_mistake_costs_its_tests_and_no_other(source, solved, answer, code, seen_by):
    failed = failures(source, solved, answer, code)
    assert set(failed) == seen_by
    assert all(isinstance(e, AssertionError) and str(e) for e in failed.values()), failed


@pytest.mark.parametrize("answer", ALTERNATIVES)
def test_another_right_answer_passes(source, solved, answer):
    assert failures(source, solved, answer, ALTERNATIVES[answer]) == {}


def test_an_exercise_that_is_missing_is_named_in_one_sentence(source, tmp_path):
    """With the untouched package, and with one in which the last exercise is still open."""
    setup = next(cell for cell in source.cells if cell.id == "setup")
    almost = tmp_path / "almost"
    shutil.copytree(ROOT / "solutions/langmodels", almost / "langmodels")
    with (almost / "langmodels/ngrams.py").open("a", encoding="utf-8") as module:
        module.write("\ndef kneser_ney(*_):\n    raise NotImplementedError('ngrams.kneser_ney')\n")
    script = (
        "import sys\n"
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "shell = InteractiveShell.instance(history_length=0)\n"
        "print(shell.run_cell(sys.stdin.read()).success, end='')\n"
    )
    for package, exercise in ((ROOT / "src", "ngrams.count_ngrams"), (almost, "ngrams.kneser_ney")):
        missing = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", script],
            env=environment(tmp_path, package),
            input=setup.source,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert missing.stdout.splitlines() == [
            f"Not yet: this notebook needs {exercise}; write it, run `course check ngrams`, "
            "and restart the kernel.",
            "False",
        ]
