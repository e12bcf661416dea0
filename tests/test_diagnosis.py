"""A misconception is named when the evidence is unique, and never for a right answer."""

import io
import json
import re

import pytest
from rich.console import Console

from autograder.diagnosis import name_misconceptions
from autograder.examiner import Target, examine
from autograder.grade import grade_one
from autograder.library import load_mistakes
from autograder.precision import merged, try_naming
from autograder.reports import print_check, to_junit, to_markdown, write_feedback
from autograder.results import Outcome, Report, score_submission, student_report, to_json
from autograder.samples import replace_function
from autograder.submission import read_package

ID = "ngrams.count_ngrams"


def test_every_mistake_says_what_it_does_wrong_and_why(project):
    for exercise in project.catalog.exercises.values():
        for mistake in load_mistakes(project.root, exercise):
            assert mistake.title.endswith("."), mistake.path
            assert len(mistake.title) <= 100, mistake.path
            assert len(mistake.why) > 40, mistake.path
            assert "See:" not in mistake.why, mistake.path


def test_each_mistake_has_a_title_of_its_own(project):
    for exercise in project.catalog.exercises.values():
        titles = [m.title for m in load_mistakes(project.root, exercise)]
        assert len(set(titles)) == len(titles), exercise.id


def test_no_mistake_quotes_an_input_of_a_hidden_test(project):
    """Titles and reasons are public: what they quote, and long numbers, must not be hidden."""
    quoted = []
    for chapter in project.catalog.chapters:
        folder = chapter.folder.name
        hidden, public = (
            "".join(path.read_text("utf-8") for path in sorted((suite / folder).glob("*.*")))
            for suite in (project.hidden.folder, project.visible.folder)
        )
        for exercise in chapter.exercises:
            for mistake in load_mistakes(project.root, exercise):
                text = f"{mistake.title} {mistake.why}"
                found = re.findall(r'"([^"]{5,})"|(\d+\.\d{3,}|\d{5,})', text)
                quoted += [a or b for a, b in found]
                for secret in (a or b for a, b in found):
                    assert secret not in hidden or secret in public, (mistake.path, secret)
    assert quoted


def test_the_book_has_every_place_that_explains_a_mistake(project):
    places = set()
    for chapter in project.catalog.chapters:
        for exercise in chapter.exercises:
            places |= {
                m.see or chapter.card_of(exercise) for m in load_mistakes(project.root, exercise)
            }
    assert len(places) > len(project.catalog.exercises)
    for place in places:
        page, _, anchor = place.partition("#")
        assert anchor in labels(project.root / "book" / "en" / f"{page}.ipynb"), place


def labels(page):
    """What can be linked to in a notebook: labels of headings and equations, and cards."""
    cells = json.loads(page.read_text("utf-8"))["cells"]
    text = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    cards = re.findall(r"\{exercise-card\} (\S+)", text)
    return {
        *re.findall(r"^\(([\w-]+)\)=$", text, re.M),
        *re.findall(r"^:label: ([\w-]+)$", text, re.M),
        *(re.sub("[^a-z0-9]+", "-", card.lower()) for card in cards),
    }


# --- What is named ------------------------------------------------------------------------------


@pytest.fixture
def handed_in(project, submit, complete):
    """The result of count_ngrams with another function in its place."""

    def run(function: str):
        content = replace_function(complete, function)
        return grade_one(project.root, submit(content), [ID], seed=5).exercises[0]

    return run


@pytest.fixture
def told(project, tmp_path):
    """Which mistakes are named, test by test, if an exercise's module ends like this."""

    def run(id: str, override: str, seed: int = 5) -> tuple[dict[str, str], list]:
        path = tmp_path / "override.py"
        module = id.partition(".")[0]
        path.write_text(f"from langmodels.{module} import *\n\n{override}", encoding="utf-8")
        reference = read_package(project.root / "solutions" / "langmodels")
        target = Target("handed in", reference, override=path)
        exercise = project.catalog.exercises[id]
        where = project.hidden, project.catalog, project.root, seed
        tests = examine([target], [exercise], *where).results["handed in"][id]
        name_misconceptions(exercise, tests, target, *where)
        titles = {m.title: m.path.stem for m in load_mistakes(project.root, exercise)}
        names = {
            test.name: next(name for title, name in titles.items() if title in test.misconception)
            for test in tests
            if test.misconception
        }
        return names, tests

    return run


def test_a_known_mistake_is_named_in_each_test_that_it_fails(project, handed_in):
    exercise = project.catalog.exercises[ID]
    mistake = next(
        m for m in load_mistakes(project.root, exercise) if m.path.stem == "no_end_marker"
    )
    result = handed_in(mistake.path.read_text("utf-8"))
    wrong = [test for test in result.tests if test.outcome is Outcome.WRONG]
    assert wrong
    assert {test.misconception for test in wrong} == {f"{mistake.title} {mistake.why}"}
    assert {test.see for test in wrong} == {"ngrams#ngrams-count-ngrams"}
    assert not any(t.misconception or t.see for t in result.tests if t not in wrong)


def test_the_same_mistake_in_other_words_is_the_same_mistake(told):
    names, tests = told(
        "attention.attention_weights",
        """
def attention_weights(query, key, mask=None, *, scale=None):
    check_inputs(query, key, mask=mask)
    scale = 1 / query.shape[-1] if scale is None else scale
    return masked_softmax(torch.einsum("...tk,...sk->...ts", query * scale, key), mask)
""",
    )
    wrong = {test.name for test in tests if test.outcome is not Outcome.PASSED}
    assert names == dict.fromkeys(wrong, "divides_by_the_width")
    assert {t.see for t in tests if t.misconception} == {"attention#why-root"}


def test_a_mistake_is_known_whatever_the_weights_begin_as(told):
    """A layer's weights begin at random, and are among its answers."""
    names, tests = told(
        "transformer.EncoderLayer",
        """
class EncoderLayer(EncoderLayer):
    def forward(self, x, mask=None):
        first = not self.norm_first
        normed = self.attention_norm(x) if first else x
        y = x + self.attention(normed, mask=mask)
        y = y if first else self.attention_norm(y)
        z = y + self.mlp(self.mlp_norm(y) if first else y)
        return z if first else self.mlp_norm(z)
""",
    )
    wrong = {test.name for test in tests if test.outcome is not Outcome.PASSED}
    assert wrong and names == dict.fromkeys(wrong, "switched")


def test_a_wrong_answer_of_another_kind_is_not_accused(handed_in):
    result = handed_in(
        "def count_ngrams(sentences, order):\n    return {('surprise',) * order: 77}\n"
    )
    assert result.outcome is Outcome.WRONG
    assert not any(test.misconception for test in result.tests)


@pytest.mark.parametrize("answer", ["-math.inf", "1 / 0", "None"])
def test_an_answer_that_says_little_accuses_nobody(told, answer):
    names, tests = told(
        "ngrams.sentence_logprob", f"def sentence_logprob(model, sentence):\n    return {answer}\n"
    )
    assert any(test.outcome is not Outcome.PASSED for test in tests)
    assert not names


def test_a_right_answer_is_never_accused(project):
    exercise = project.catalog.exercises[ID]
    folder = project.root / "autograder/alternatives/ngrams/count_ngrams"
    reference = read_package(project.root / "solutions" / "langmodels")
    targets = [Target(p.stem, reference, override=p) for p in folder.glob("*.py")]
    assert targets
    where = project.hidden, project.catalog, project.root, 5
    found = examine(targets, [exercise], *where)
    for target in targets:
        results = found.results[target.name][ID]
        assert {test.outcome for test in results} == {Outcome.PASSED}
        # Nor if a test were to fail it without reason.
        results[0].outcome = Outcome.WRONG
        name_misconceptions(exercise, results, target, *where)
        assert not any(test.misconception for test in results)


# --- Two mistakes at once -----------------------------------------------------------------------

PAIRS = {
    "ngrams.build_vocabulary": (
        {"lower_case", "more_than_the_minimum"},
        """
def build_vocabulary(sentences, min_count=1):
    counts = Counter(word.lower() for sentence in sentences for word in sentence)
    return {word for word, count in counts.items() if count > min_count} | {UNK, EOS}
""",
    ),
    "attention.attention_weights": (
        {"mask_is_ignored", "scale_is_ignored"},
        """
def attention_weights(query, key, mask=None, *, scale=None):
    check_inputs(query, key, mask=mask)
    return masked_softmax(query @ key.mT * query.shape[-1] ** -0.5)
""",
    ),
    "efficient_attention.axial_positions": (
        {"columns_first", "down_the_columns"},
        """
def axial_positions(rows, columns):
    t = torch.arange(len(rows) * len(columns))
    row, column = t % max(len(rows), 1), t // max(len(rows), 1)
    return torch.cat([columns[column], rows[row]], dim=-1)
""",
    ),
    "inference.cache_bytes": (
        {"forgets_the_window", "always_two_bytes"},
        """
def cache_bytes(config, n_tokens, n_rows=1, bytes_per_number=2):
    return 4 * config.n_layers * config.n_kv_heads * config.head_width * n_tokens * n_rows
""",
    ),
}


@pytest.mark.parametrize("id", PAIRS)
def test_of_two_mistakes_nothing_is_named_that_is_not_there(told, id):
    both, override = PAIRS[id]
    names, tests = told(id, override)
    assert any(test.outcome is Outcome.WRONG for test in tests)
    assert set(names.values()) <= both


def test_of_two_mistakes_each_is_named_where_it_shows(told):
    names, tests = told("inference.cache_bytes", PAIRS["inference.cache_bytes"][1])
    assert names == {
        "test_cache_bytes_are_those_of_the_tensors": "always_two_bytes",
        "test_cache_bytes_of_published_models": "always_two_bytes",
        "test_a_window_bounds_the_cache": "forgets_the_window",
    }
    assert names.keys() == {test.name for test in tests if test.outcome is Outcome.WRONG}


@pytest.mark.parametrize("id", ["ngrams.build_vocabulary", "inference.cache_bytes"])
def test_nothing_wrong_is_said_of_mistakes_pairs_and_mutants(project, id):
    """A part of what `python -m autograder.precision` tries."""
    trials = try_naming(project, project.catalog.exercises[id], sample=3)
    assert {trial.kind for trial in trials} >= {"mistake", "pair", "mutant"}
    assert not [trial for trial in trials if trial.is_false]
    mistakes = [trial for trial in trials if trial.kind == "mistake"]
    assert sum(bool(trial.named) for trial in mistakes) >= 0.9 * len(mistakes)


def test_two_changes_in_different_places_are_merged():
    base = "def f(x: int) -> int:\n    y = x + 1\n    z = y * 2\n    return z\n"
    first = base.replace("+ 1", "+ 3")
    second = base.replace("* 2", "* 5")
    both = {}
    exec(merged(base, first, second, "f") or "", both)
    assert both["f"](1) == 20
    assert merged(base, first, first.replace("+ 3", "+ 4"), "f") is None


# --- Where it is shown --------------------------------------------------------------------------


def test_every_report_says_why_and_where_to_read(project, handed_in, tmp_path):
    path = project.root / "autograder/mistakes/ngrams/count_ngrams/no_end_marker.py"
    result = handed_in(path.read_text("utf-8"))
    submission = score_submission("anna", [result])
    report = student_report(Report("standard: x", 5, [submission]), submission)
    page = write_feedback(submission, project.catalog, report, tmp_path, book="https://book")
    linked = page.read_text("utf-8")
    assert 'href="https://book/ngrams/index.html#ngrams-count-ngrams">The book explains' in linked
    named = write_feedback(submission, project.catalog, report, tmp_path).read_text("utf-8")
    console = Console(file=io.StringIO(), width=200)
    print_check(console, submission, project.catalog)
    for text in (linked, named, to_markdown(report), to_junit(report), console.file.getvalue()):
        text = text.replace("\\", "")  # Markdown's escapes
        assert "The end of the sentence is not counted." in text
        assert "known mistake" in text
        assert "ngrams/index.html#ngrams-count-ngrams" in text
    found = json.loads(to_json(report))["submissions"][0]["exercises"][0]["tests"]
    assert {t["see"] for t in found if t["outcome"] == "wrong"} == {"ngrams#ngrams-count-ngrams"}
