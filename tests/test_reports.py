"""Reports: every outcome in every medium, hostile text harmless, nothing of the instructor's."""

import io
import json
import re
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser
from pathlib import Path
from typing import Literal

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from autograder import reports
from autograder.catalog import Catalog, Chapter, Exercise
from autograder.reports.words import MAX_TEXT, plain
from autograder.results import (
    SCHEMA,
    WORDS,
    Mismatch,
    Outcome,
    Report,
    SubmissionResult,
    TestResult,
    score_exercise,
    score_submission,
    to_json,
)

settings.load_profile("ci")  # the same examples each time, no deadline

HOSTILE = (
    "[red]</td></dd><script>alert(1)</script>\x1b[31m\x00\x07\x9b2J\u202egpj.]]>\ud800\ufffe&amp;"
)
ACTIVE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def exercise(id: str, points: float = 2, stretch: bool = False) -> Exercise:
    return Exercise(id, f"Title of {id}", points, 10, 1, ["First hint?", "Second."], [], stretch)


CATALOG = Catalog(
    [
        Chapter(
            1,
            "I",
            "N-gram language models",
            "ngrams",
            (
                exercise("ngrams.count_ngrams"),
                exercise("ngrams.perplexity", points=3),
                exercise("ngrams.KneserNey", points=5, stretch=True),
            ),
        ),
        Chapter(2, "I", "Attention", "attention", (exercise("attention.softmax"),)),
    ]
)
IDS = list(CATALOG.exercises)


def outcome_of(outcome: Outcome, **fields: object) -> TestResult:
    message = "" if outcome is Outcome.PASSED else "what happened"
    return TestResult(
        **{"name": "test_name", "outcome": outcome, "message": message, "property": "What holds."}
        | fields  # type: ignore[arg-type]
    )


def submission(
    tests: dict[str, list[TestResult]], name: str = "anna", message: str = ""
) -> SubmissionResult:
    found = (
        score_exercise(e.id, e.points, e.stretch, tests[e.id])
        for e in CATALOG.exercises.values()
        if e.id in tests
    )
    return score_submission(name, list(found), message)


def all_with(*tests: TestResult) -> SubmissionResult:
    return submission({id: list(tests) for id in IDS})


def report_of(*submissions: SubmissionResult, isolation: str = "box: landlock") -> Report:
    return Report(isolation, 1, list(submissions))


def check_text(result: SubmissionResult, width: int = 120) -> str:
    out = io.StringIO()
    reports.print_check(Console(file=out, width=width), result, CATALOG)
    return out.getvalue()


def scores_text(report: Report, color: Literal["standard"] | None = None) -> str:
    out = io.StringIO()
    console = Console(file=out, width=200, force_terminal=bool(color), color_system=color)
    reports.print_scores(console, report)
    return out.getvalue()


def page_text(result: SubmissionResult, folder: Path, audience: reports.Audience) -> str:
    path = reports.write_feedback(
        result, CATALOG, report_of(result), folder, audience=audience, book="https://book"
    )
    return path.read_text(encoding="utf-8")


class Page(HTMLParser):
    """The text, elements and addresses of a page; unbalanced elements are an error."""

    VOID = ("meta", "link")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.names, self.links, self.ids = "", list[str](), list[str](), list[str]()
        self._open: list[str] = []
        self.feed(html)
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        values = dict(attrs)
        self.links += [v for k, v in attrs if k in ("href", "src") and v]
        self.ids += [i for i in [values.get("id")] if i]
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data if self._open[-1:] != ["style"] else ""


# Every outcome, in every medium


@pytest.mark.parametrize("outcome", Outcome)
def test_terminal_names_every_outcome_with_sign_and_words(outcome: Outcome) -> None:
    other = outcome_of(Outcome.PASSED)
    text = check_text(submission({IDS[0]: [outcome_of(outcome)], IDS[1]: [other]}))
    sign, words = WORDS[outcome]
    assert re.search(rf"{re.escape(sign)}\s+{re.escape(IDS[0])}.*{re.escape(words)}", text)


@pytest.mark.parametrize("outcome", Outcome)
def test_score_table_counts_every_outcome(outcome: Outcome) -> None:
    assert f"4 {WORDS[outcome][1]}" in scores_text(report_of(all_with(outcome_of(outcome))))


@pytest.mark.parametrize("outcome", Outcome)
def test_page_names_every_outcome_with_sign_and_words(outcome: Outcome, tmp_path: Path) -> None:
    text = Page(page_text(all_with(outcome_of(outcome)), tmp_path, "student")).text
    assert " ".join(WORDS[outcome]) in text
    assert f"4 {WORDS[outcome][1]}" in text


@pytest.mark.parametrize("outcome", Outcome)
def test_junit_has_a_kind_for_every_outcome(outcome: Outcome) -> None:
    suites = ElementTree.fromstring(reports.to_junit(report_of(all_with(outcome_of(outcome)))))
    ends = [child for case in suites.iter("testcase") for child in case]
    if outcome is Outcome.PASSED:
        assert ends == []
    else:
        assert {end.get("type") for end in ends} == {outcome.value}
        assert {end.tag for end in ends} <= {"failure", "error", "skipped"}
        kind = {"failure": "failures", "error": "errors"}.get(ends[0].tag, ends[0].tag)
        assert suites.get(kind) == "4"
    assert suites.get("tests") == "4"


@pytest.mark.parametrize("outcome", Outcome)
def test_json_has_every_outcome_by_its_value(outcome: Outcome) -> None:
    content = json.loads(to_json(report_of(all_with(outcome_of(outcome)))))
    jsonschema.validate(content, reports.json_schema())
    assert content["submissions"][0]["exercises"][0]["outcome"] == outcome.value


# What a student reads in the terminal


def test_fresh_stubs_say_in_a_few_lines_what_to_do_first() -> None:
    stub = outcome_of(Outcome.NOT_STARTED)
    result = submission({id: [stub] for id in IDS} | {IDS[1]: [outcome_of(Outcome.NOT_RUN)]})
    text = check_text(result)
    assert len(text.splitlines()) <= 6
    for part in (
        "Nothing started yet: 4 exercises, 7 points",
        "fill in count_ngrams in src/langmodels/ngrams.py",
        "course check ngrams.count_ngrams",
        "ngrams/index.html#ngrams-count-ngrams",
    ):
        assert part in text


WRONG = outcome_of(
    Outcome.WRONG,
    property="Windows overlap.",
    misconception="The end is not counted.\n\nWithout it\nsentences never stop.",
    mismatch=Mismatch("count(['a'], 2)", "{'a': 1}", "{}", "['a']: expected 1, got no such key"),
)


def test_a_wrong_answer_says_property_input_both_answers_place_cause_page_and_hint() -> None:
    text = check_text(submission({IDS[0]: [outcome_of(Outcome.PASSED), WRONG]}))
    for part in (
        "1 of 2 tests pass",
        "Windows overlap.",
        "count(['a'], 2)",
        "{'a': 1}",
        "['a']: expected 1, got no such key",
        "The end is not counted.",
        "Without it sentences never stop.",
        "N-gram language models, ngrams/index.html#ngrams-count-ngrams",
        "course hint ngrams.count_ngrams",
        "1 / 2 points",
        "Next: mend count_ngrams in src/langmodels/ngrams.py",
    ):
        assert part in text


def test_only_the_first_failed_test_of_the_first_failed_exercise_is_told_in_full() -> None:
    second = outcome_of(Outcome.WRONG, property="Second.", mismatch=Mismatch("in", "e2", "g2"))
    later = outcome_of(Outcome.WRONG, property="Third.", mismatch=Mismatch("in", "e3", "g3"))
    text = check_text(submission({IDS[0]: [WRONG, second], IDS[1]: [later]}))
    assert "Second." in text and "Third." in text
    assert "course check ngrams.perplexity" in text
    assert not {"e2", "g2", "e3", "g3"} & set(text.split())


def test_one_import_error_is_told_once() -> None:
    text = check_text(all_with(outcome_of(Outcome.ERROR, message="ngrams.py cannot be imported")))
    assert text.count("ngrams.py cannot be imported") == 1
    assert f"For the same reason: {', '.join(IDS[1:])}" in text


def test_a_blocked_exercise_says_what_it_waits_for() -> None:
    blocked = outcome_of(Outcome.NOT_RUN, message="not run, because it builds on ngrams.x")
    text = check_text(submission({IDS[1]: [blocked]}))
    assert "builds on ngrams.x" in text
    assert "course status" in text


def test_a_chapter_that_is_not_started_takes_one_line() -> None:
    tests = {id: [outcome_of(Outcome.NOT_STARTED)] for id in IDS}
    tests[IDS[3]] = [outcome_of(Outcome.PASSED)]
    text = check_text(submission(tests))
    assert "3 exercises, not started" in text


def test_what_is_optional_comes_last() -> None:
    tests = {id: [outcome_of(Outcome.PASSED)] for id in IDS}
    tests |= {id: [outcome_of(Outcome.NOT_STARTED)] for id in (IDS[2], IDS[3])}
    assert f"course check {IDS[3]}" in check_text(submission(tests))


def test_when_all_is_done_nothing_is_left() -> None:
    assert "Nothing left to do here" in check_text(all_with(outcome_of(Outcome.PASSED)))


def test_hidden_inputs_stay_hidden_in_the_terminal() -> None:
    secret = outcome_of(Outcome.WRONG, visible=False, mismatch=Mismatch("SECRET", "SECRET", "g"))
    assert "SECRET" not in check_text(submission({IDS[0]: [secret]}))


def test_a_narrow_terminal_keeps_ids_whole() -> None:
    tests = {IDS[0]: [WRONG], IDS[1]: [outcome_of(Outcome.PASSED)]}
    text = check_text(submission(tests), width=60)
    assert re.search(rf"{re.escape(IDS[1])} ", text)
    assert all(len(row) <= 60 for row in text.splitlines())


def test_a_cause_is_told_once(tmp_path: Path) -> None:
    result = submission({IDS[0]: [WRONG, WRONG]})
    assert check_text(result).count("The end is not counted.") == 1
    assert page_text(result, tmp_path, "student").count("The end is not counted.") == 1


# Hostile text


def hostile_submission() -> SubmissionResult:
    test = TestResult(
        name=HOSTILE,
        outcome=Outcome.WRONG,
        message=HOSTILE,
        misconception=HOSTILE,
        property=HOSTILE,
        mismatch=Mismatch(HOSTILE, HOSTILE, HOSTILE, HOSTILE),
        log=HOSTILE,
    )
    bare = TestResult(HOSTILE, Outcome.ERROR, HOSTILE)
    return submission({IDS[0]: [test, bare], IDS[1]: [bare]}, name=HOSTILE, message=HOSTILE)


def test_hostile_text_is_shown_literally_in_the_terminal() -> None:
    result = hostile_submission()
    report = report_of(result, isolation=HOSTILE)
    for text in (check_text(result, width=1000), scores_text(report)):
        assert not ACTIVE.search(text)
        assert "[red]</td>" in text
        assert "\\x1b[31m" in text and "\\u202egpj" in text


@pytest.mark.parametrize("audience", ["student", "instructor"])
def test_hostile_text_is_shown_literally_on_pages(
    audience: reports.Audience, tmp_path: Path
) -> None:
    result = hostile_submission()
    report = report_of(result, isolation=HOSTILE)
    index = reports.write_pages(report, CATALOG, tmp_path, audience=audience)
    for path in tmp_path.iterdir():
        html = path.read_text(encoding="utf-8")
        page = Page(html)
        assert not ACTIVE.search(html)
        assert "script" not in page.names
        assert "[red]</td></dd><script>alert(1)</script>\\x1b[31m" in page.text
    assert index.name == "index.html"


def test_hostile_text_leaves_junit_valid() -> None:
    xml = reports.to_junit(report_of(hostile_submission(), isolation=HOSTILE))
    assert not ACTIVE.search(xml)
    suites = ElementTree.fromstring(xml)
    assert suites[0].get("name") == plain(HOSTILE)


def test_hostile_text_leaves_json_valid() -> None:
    text = to_json(report_of(hostile_submission()))
    text.encode("utf-8")
    content = json.loads(text)
    jsonschema.validate(content, reports.json_schema())
    assert content["submissions"][0]["name"] == HOSTILE.replace("\ud800", r"\ud800")


@given(st.text(st.characters(codec=None), max_size=50))
def test_plain_text_acts_on_nothing_and_stays_itself_where_it_is_harmless(text: str) -> None:
    shown = plain(text)
    assert not ACTIVE.search(shown)
    shown.encode("utf-8")
    ElementTree.fromstring(f"<a>{shown.replace('&', '&amp;').replace('<', '&lt;')}</a>")
    if text.isprintable():
        assert shown == text


def test_plain_text_keeps_what_people_write() -> None:
    for text in ("长颈鹿　吃", "naïve — ‘x’", "\tone\ntwo", "👩\u200d🔬", "مرحبا"):
        assert plain(text) == text


def test_endless_text_is_cut(tmp_path: Path) -> None:
    endless = outcome_of(Outcome.WRONG, message="x" * 10**6, log="y" * 10**6)
    result = submission({IDS[0]: [endless]})
    assert len(page_text(result, tmp_path, "instructor")) < 5 * MAX_TEXT
    assert len(check_text(result)) < 2 * MAX_TEXT


def test_a_name_of_several_lines_forges_no_row() -> None:
    forged = submission({}, name="bob\n✓ eve  100 / 100")
    rows = scores_text(report_of(forged)).splitlines()
    assert not any(row.startswith("✓ eve") for row in rows)


# Pages


def test_a_student_page_has_no_log_and_no_hidden_input(tmp_path: Path) -> None:
    hidden = outcome_of(
        Outcome.WRONG, visible=False, mismatch=Mismatch("INPUT", "ANSWER", "GOT"), log="LOG"
    )
    visible = outcome_of(Outcome.WRONG, mismatch=Mismatch("open input", "open answer", "g"))
    result = submission({IDS[0]: [hidden, visible]})
    secrets = {"INPUT", "ANSWER", "GOT", "LOG"}
    for_student = page_text(result, tmp_path, "student")
    for_instructor = page_text(result, tmp_path, "instructor")
    assert not [secret for secret in secrets if secret in for_student]
    assert not [secret for secret in secrets if secret not in for_instructor]
    assert "open input" in for_student and "open answer" in for_student
    assert "index.html" not in re.sub(r"https://book\S*", "", for_student)


def test_a_page_tells_hint_cause_and_place_of_what_failed_only(tmp_path: Path) -> None:
    result = submission({IDS[0]: [WRONG], IDS[1]: [outcome_of(Outcome.PASSED)]})
    page = Page(page_text(result, tmp_path, "student"))
    assert page.text.count("First hint?") == 1
    assert "Second." not in page.text
    assert "The end is not counted." in page.text
    assert "https://book/ngrams/index.html#ngrams-count-ngrams" in page.links


def test_pages_ask_for_nothing_from_outside(tmp_path: Path) -> None:
    reports.write_pages(report_of(all_with(WRONG)), CATALOG, tmp_path, audience="instructor")
    for path in tmp_path.iterdir():
        html = path.read_text(encoding="utf-8")
        assert not re.search(r"https?:|url\(|@import|<script|<img", html)
        assert "default-src 'none'" in html
        links = [link for link in Page(html).links if link != "data:,"]
        assert all(link.startswith("#") or (tmp_path / link).exists() for link in links)


def test_pages_are_sound_html(tmp_path: Path) -> None:
    html = page_text(all_with(WRONG, outcome_of(Outcome.ERROR)), tmp_path, "instructor")
    page = Page(html)
    assert '<html lang="en">' in html and "viewport" in html
    assert page.names.count("h1") == 1
    assert len(page.ids) == len(set(page.ids))
    assert all(link[1:] in page.ids for link in page.links if link.startswith("#"))


def test_a_page_without_exercises_says_why(tmp_path: Path) -> None:
    result = submission({}, message="there is no langmodels/ in it")
    assert "there is no langmodels/ in it" in page_text(result, tmp_path, "student")
    assert "there is no langmodels/ in it" in check_text(result)
    assert "there is no langmodels/ in it" in scores_text(report_of(result))
    assert "there is no langmodels/ in it" in reports.to_junit(report_of(result))


def test_an_exercise_that_left_the_catalog_is_still_reported(tmp_path: Path) -> None:
    gone = score_exercise("old.exercise", 1, False, [WRONG])
    result = score_submission("anna", [gone])
    assert "old.exercise" in check_text(result)
    assert "old.exercise" in page_text(result, tmp_path, "student")


NAMES = [
    "../../etc/passwd",
    "/etc/passwd",
    "..",
    ".",
    "",
    "index",
    "CON",
    "a\0b",
    "长颈鹿",
    "x" * 999,
]
NAMES += ["a/b", "a-b", "A-B", "a\\b", HOSTILE]


def test_no_name_leaves_the_folder_or_takes_another_ones_page(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    report = report_of(*(submission({}, name=name) for name in [*NAMES, "twin", "twin"]))
    reports.write_pages(report, CATALOG, inner)
    assert [path.name for path in tmp_path.iterdir()] == ["inner"]
    assert len(list(inner.iterdir())) == len(NAMES) + 2 + 1


@given(st.text(st.characters(codec=None)))
def test_page_names_are_plain_file_names(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]*\.html", reports.page_name(name))
    assert len(reports.page_name(name)) < 64


def test_index_lists_every_submission_with_its_score(tmp_path: Path) -> None:
    done, none = all_with(outcome_of(Outcome.PASSED)), submission({}, name="bob", message="empty")
    index = reports.write_pages(report_of(done, none), CATALOG, tmp_path)
    page = Page(index.read_text(encoding="utf-8"))
    assert "12 / 7" in page.text and "empty" in page.text
    assert {reports.page_name("anna"), reports.page_name("bob")} <= set(page.links)


# Totals


def test_totals_are_equal_in_every_medium(tmp_path: Path) -> None:
    result = submission(
        {
            IDS[0]: [WRONG, outcome_of(Outcome.PASSED)],
            IDS[1]: [WRONG, outcome_of(Outcome.PASSED), outcome_of(Outcome.PASSED)],
            IDS[2]: [outcome_of(Outcome.PASSED)],
        }
    )
    report = report_of(result)
    properties = {
        p.get("name"): p.get("value")
        for p in ElementTree.fromstring(reports.to_junit(report)).iter("property")
    }
    data = json.loads(to_json(report))["submissions"][0]
    assert (data["score"], data["max_score"]) == (8, 5)
    assert (properties["score"], properties["max_score"]) == ("8", "5")
    assert "8 / 5 points" in check_text(result)
    assert "8 / 5" in scores_text(report)
    assert "8 of 5 points" in Page(page_text(result, tmp_path, "student")).text


# Isolation


def test_a_run_without_a_box_says_so_in_red_and_in_words(tmp_path: Path) -> None:
    unsafe = report_of(all_with(WRONG), isolation="none: an ordinary child process")
    text = scores_text(unsafe, color="standard")
    assert text.startswith("\x1b[1;31m⚠ not isolated")
    assert "not isolated" not in scores_text(report_of(all_with(WRONG)))
    for path in [reports.write_pages(unsafe, CATALOG, tmp_path), *tmp_path.iterdir()]:
        assert "none: an ordinary child process" in path.read_text(encoding="utf-8")


def test_a_grader_fault_is_loud(tmp_path: Path) -> None:
    result = all_with(outcome_of(Outcome.GRADER_FAULT))
    assert "grader fault: 4" in scores_text(report_of(result))
    assert "grader itself failed: 4" in page_text(result, tmp_path, "student")
    index = reports.write_pages(report_of(result), CATALOG, tmp_path)
    assert "grader fault: 4" in index.read_text(encoding="utf-8")


# JSON Schema


FIELDS = {
    "Report": {"isolation", "seed", "submissions", "schema"},
    "SubmissionResult": {"name", "score", "max_score", "exercises", "message"},
    "ExerciseResult": {"id", "score", "max_score", "outcome", "tests", "stretch"},
    "TestResult": {
        *("name", "outcome", "message", "misconception", "property", "weight", "mismatch"),
        *("visible", "log"),
    },
    "Mismatch": {"given", "expected", "got", "where"},
}


def test_the_schema_is_stable() -> None:
    """A field that goes away or changes its meaning needs a new SCHEMA; a new one is added here."""
    schema = reports.json_schema()
    found = {n: set(d["properties"]) for n, d in schema["$defs"].items() if "properties" in d}
    assert (SCHEMA, found) == (1, FIELDS)
    assert schema["$defs"]["Outcome"]["enum"] == sorted(Outcome)
    jsonschema.Draft202012Validator.check_schema(schema)


def test_the_schema_turns_down_an_unknown_outcome() -> None:
    content = json.loads(to_json(report_of(all_with(WRONG))))
    content["submissions"][0]["exercises"][0]["outcome"] = "fine"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content, reports.json_schema())


def test_the_published_schema_is_the_one_in_use() -> None:
    path = Path(__file__).parents[1] / "docs" / "report.schema.json"
    assert json.loads(path.read_text("utf-8")) == reports.json_schema()
